import { deadLetterTopic, type EventDefinition, events, type Topic, topics } from '@samlast/contracts';
import type { Catalogue } from './options.ts';

const contracts: Catalogue = { topics, events };

/** What may be on the bus: the topics and events of the contracts, and the group's own dead-letter topic. */
export class BusCatalogue {
  readonly topics: ReadonlyMap<string, Topic>;
  private readonly events: ReadonlyMap<string, EventDefinition>;
  readonly deadLetterTopic: Topic;

  constructor(group: string, catalogue: Catalogue = contracts) {
    this.deadLetterTopic = deadLetterTopic(group);
    this.topics = new Map([...catalogue.topics, this.deadLetterTopic].map((topic) => [topic.name, topic]));
    this.events = catalogue.events;
  }

  event(type: string): EventDefinition | undefined {
    return this.events.get(type);
  }

  /** Throws on a topic that nobody has defined: there is nothing to publish it to. */
  topic(name: string): Topic {
    const topic = this.topics.get(name);
    if (!topic) {
      throw new Error(`The topic '${name}' is not in the catalogue: add it to libs/contracts/src/topics.ts.`);
    }
    return topic;
  }
}
