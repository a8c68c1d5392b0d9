/** What the environment says, read at each use: Jest's global setup names the Postgres after this file is loaded. */
export const environment = {
  get testPostgresUrl() {
    return process.env.TEST_POSTGRES_URL;
  },
  get kafkaBrokers() {
    return process.env.KAFKA_BROKERS;
  },
  /** How many times longer than a test says it waits for what must come: a busy or slow machine decides nothing. */
  get patience() {
    const patience = Number(process.env.TEST_PATIENCE ?? 1);
    if (patience >= 1) return patience;
    throw new Error(`TEST_PATIENCE must be a number from 1 on, not '${process.env.TEST_PATIENCE}'.`);
  },
  /** What a started process inherits. */
  get inherited() {
    return process.env;
  },
};
