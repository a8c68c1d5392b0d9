/** On which bus the flows run: a real Kafka, or with FLOW_BUS=embedded nothing but Node while one is written. */
export const bus = process.env.FLOW_BUS === 'embedded' ? 'embedded' : 'kafka';

/** Set to play a random flow again as it was. */
export const givenSeed = process.env.FLOW_SEED ? Number(process.env.FLOW_SEED) : undefined;
