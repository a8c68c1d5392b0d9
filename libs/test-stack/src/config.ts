/** What the environment says, read at each use: Jest's global setup names the Postgres after this file is loaded. */
export const environment = {
  get testPostgresUrl() {
    return process.env.TEST_POSTGRES_URL;
  },
  get kafkaBrokers() {
    return process.env.KAFKA_BROKERS;
  },
  /** What a started process inherits. */
  get inherited() {
    return process.env;
  },
};
