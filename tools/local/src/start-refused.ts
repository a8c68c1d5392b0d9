/** Why `npm start` cannot start, and what the person in front of it can do. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused';

  constructor(
    what: string,
    readonly nextStep: string,
  ) {
    super(what);
  }
}

export class StoppedEarly extends StartRefused {
  constructor() {
    super('Stopped while it was starting.', 'npm start starts it again.');
  }
}
