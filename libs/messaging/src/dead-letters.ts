import { Injectable } from '@nestjs/common';

/** A message that was set aside. `parked` has failed itself; `queued` waits behind a parked one of its key. */
export interface DeadLetter {
  id: string;
  state: 'parked' | 'queued';
  messageId: string;
  topic: string;
  partition: number;
  offset: string;
  key: string | null;
  type: string | null;
  source: string | null;
  channel: string | null;
  /** Machine-readable, such as 'message.invalid'. */
  code: string | null;
  /** In words for a person: what, where, next step. */
  reason: string | null;
  /** ISO 8601. */
  parkedAt: string;
}

/** What became of a retry or discard: how many messages of the key were handled, and which one is parked now. */
export interface Replay {
  handled: number;
  parked?: { id: string; code: string; reason: string };
}

/** `unknown`: no open dead letter has this id. `queued`: another one of its key stands before it, see `message`. */
export class DeadLetterRefused extends Error {
  override readonly name = 'DeadLetterRefused';

  constructor(
    readonly code: 'dead-letter.unknown' | 'dead-letter.queued',
    message: string,
  ) {
    super(message);
  }
}

/** The messages that this service could not work with. Everything of a parked key waits until a person has decided. */
@Injectable()
export class DeadLetters {
  /** Open ones, oldest first; at most `limit` (500 unless told). */
  list(_page?: { limit?: number }): Promise<DeadLetter[]> {
    throw new Error('not built yet');
  }

  /** Handles a parked message again, then those that queue behind it, in order, until one fails. Throws DeadLetterRefused. */
  retry(_id: string, _author: string, _reason: string): Promise<Replay> {
    throw new Error('not built yet');
  }

  /** Gives a parked message up and handles those that queue behind it. Throws DeadLetterRefused. */
  discard(_id: string, _author: string, _reason: string): Promise<Replay> {
    throw new Error('not built yet');
  }
}
