/** Ongoing does not let this user in. Nothing helps but a person; `message` says what to check. */
export class OngoingAccessError extends Error {
  override readonly name = 'OngoingAccessError';
  constructor(
    readonly status: 401 | 403,
    readonly goodsOwnerId: number,
  ) {
    super(
      status === 401
        ? 'Ongoing answered 401: user name or password is wrong. Check both in the settings; ' +
            'names of API users start with WSI.'
        : `Ongoing answered 403 for goods owner ${goodsOwnerId}. Check that API access is switched on for the goods ` +
            'owner itself (it is off by default), that the user belongs to this goods owner, and that it holds the right for this part.',
    );
  }
}

/** A read got no usable answer: no connection, no time, or a fault on Ongoing's side. Try again later. */
export class OngoingUnreachable extends Error {
  override readonly name = 'OngoingUnreachable';
  constructor(
    readonly operation: string,
    readonly reason: string,
    readonly status?: number,
  ) {
    super(`Ongoing gave no answer to ${operation}: ${reason}. It is tried again later.`);
  }
}

/**
 * A read was refused by a rule of Ongoing, such as a cursor that lies too far back. Trying the same again
 * does not help.
 */
export class OngoingReadRefused extends Error {
  override readonly name = 'OngoingReadRefused';
  constructor(
    readonly operation: string,
    readonly status: number,
    readonly text: string,
  ) {
    super(`Ongoing refused ${operation} with ${status}: ${text}`);
  }
}

/**
 * Ongoing answered with something that does not fit its reference. `field` names where; no value is repeated.
 */
export class OngoingAnswerInvalid extends Error {
  override readonly name = 'OngoingAnswerInvalid';
  constructor(
    readonly operation: string,
    readonly field: string,
    readonly problem: string,
  ) {
    super(
      `The answer of Ongoing to ${operation} is not understood: ${field} ${problem}. ` +
        'Compare the answer with the reference of the API and report it to the maintainers of this client.',
    );
  }
}
