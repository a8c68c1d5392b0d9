/** An error as WordPress answers it. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** By parameter, where parameters are wrong. */
    readonly params?: Readonly<Record<string, string>>,
  ) {
    super(message);
  }

  get body(): object {
    const data = { status: this.status, ...(this.params && { params: this.params }) };
    return { code: this.code, message: this.message, data };
  }
}

export function invalidParam(name: string, problem: string): Refusal {
  return new Refusal(400, 'rest_invalid_param', `Invalid parameter(s): ${name}`, { [name]: problem });
}
