/** What the environment says. */
export const environment = {
  /** A Kafka to measure on; without it the benchmark starts one of its own. */
  get kafkaBrokers() {
    return process.env.KAFKA_BROKERS || undefined;
  },
};
