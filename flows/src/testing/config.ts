/** On which bus the flows run: a real Kafka, or with FLOW_BUS=embedded nothing but Node while one is written. */
export const bus = process.env.FLOW_BUS === 'embedded' ? 'embedded' : 'kafka';

/** Set to play a random flow again as it was. */
export const givenSeed = process.env.FLOW_SEED ? Number(process.env.FLOW_SEED) : undefined;

const number = (name: string, fallback: number) => Number(process.env[name] ?? fallback);

/** How much is played with real shops; `npm run flow:real-shops` takes it by name. */
export const realShops = {
  /** Orders while services are killed, and after that with the warehouse's faults on as well. */
  orders: number('FLOW_ORDERS', 200),
  troubled: number('FLOW_TROUBLED_ORDERS', 60),
  /** In which one last piece is wanted by many. */
  rounds: number('FLOW_ROUNDS', 50),
};
