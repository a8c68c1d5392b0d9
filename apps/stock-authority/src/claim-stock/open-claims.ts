import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type DirectAnswer, DirectRoutes, Log, type RequestHeaders } from '@samlast/service';
import { StockTerms } from '../publish-levels/stock-terms.ts';
import { askAgain } from './ask-again.ts';
import { type ClaimAnswer, fault, openedAnswer } from './claim-answers.ts';
import { ClaimDesk } from './claim-desk.ts';
import { articlesIn, readOpening } from './read-opening.ts';

/**
 * `POST /claims`. In a rush these come by the thousand a second, most of them in vain: one that would wait too long
 * learns so before its body is read, or as soon as it is known which article it wants.
 */
@Injectable()
export class OpenClaims implements OnModuleInit {
  constructor(
    private readonly routes: DirectRoutes,
    private readonly desk: ClaimDesk,
    private readonly terms: StockTerms,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.routes.post({
      path: '/claims',
      turnAway: () => {
        const why = this.desk.putsOffAll();
        return why && askAgain(why);
      },
      take: (...request) => this.take(...request),
    });
  }

  private take(headers: RequestHeaders, body: unknown, answer: (one: DirectAnswer) => void): void {
    const away = this.desk.putsOffCrowd(articlesIn(body));
    if (away) {
      answer(askAgain(away));
      return;
    }
    const read = readOpening(headers, body, this.terms);
    if ('fault' in read) {
      answer(inText(read.fault));
      return;
    }
    const { opening } = read;
    const why = this.desk.open(
      opening,
      (outcome) => answer(inText(openedAnswer(outcome, opening.key))),
      (error) => {
        this.log.error('a claim could not be decided', { channel: opening.channel, error });
        answer(inText(undecided));
      },
    );
    if (why) answer(askAgain(why));
  }
}

const inText = ({ body, ...rest }: ClaimAnswer): DirectAnswer => ({ ...rest, text: JSON.stringify(body) });

const undecided = fault(
  500,
  'claim.undecided',
  'The claim could not be decided, and nothing is known to be promised: ask again under the same key. The log of the stock authority says why.',
);
