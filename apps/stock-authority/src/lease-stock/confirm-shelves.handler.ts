import { Controller } from '@nestjs/common';
import { type Event, ShelfSet } from '@samlast/contracts';
import { Consumes, type MessageOf } from '@samlast/messaging';
import type { EntityManager } from 'typeorm';
import { refuseOtherWarehouse } from '../one-warehouse/other-warehouse.ts';
import { StockTerms } from '../publish-levels/stock-terms.ts';
import { reviewQueue } from '../review-queue/review-queue.ts';
import { closeBook, openBook } from '../tables/open-book.ts';
import { confirmShelf } from './confirm-shelf.ts';

/** What a shop confirmed to show ends what was in flight; only then may its pieces go to another channel. */
@Controller()
export class ConfirmShelves {
  constructor(private readonly terms: StockTerms) {}

  @Consumes(ShelfSet)
  async onShelves(messages: MessageOf<typeof ShelfSet>[], tx: EntityManager): Promise<Event[]> {
    const lessees = new Set(
      this.terms.channels.filter(({ mode }) => mode === 'lease').map(({ code }) => code),
    );
    const told = messages.map((message) => message.data);
    const shelves = told.filter(({ channel, allowance }) => lessees.has(channel) && allowance !== undefined);
    if (shelves.length === 0) return [];
    for (const shelf of shelves)
      refuseOtherWarehouse(`The shelf of ${shelf.article} in ${shelf.channel}`, shelf, this.terms.warehouse);
    const moving = new Set(shelves.map((shelf) => shelf.article));
    const book = await openBook(tx, await this.terms.at(tx), { moving });
    for (const shelf of shelves) confirmShelf(book, shelf);
    reviewQueue(book);
    return closeBook(tx, book);
  }
}
