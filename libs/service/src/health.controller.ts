import { Controller, Get, HttpCode, Injectable, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Public } from './caller.ts';

/** Answers undefined while all is well, otherwise why the service cannot do its work, in words for a person. */
export type HealthCheck = () => Promise<string | undefined> | string | undefined;

/** What a service's readiness consists of. Modules add their own checks. */
@Injectable()
export class Health {
  private readonly checks = new Map<string, HealthCheck>();
  private readonly notes = new Map<string, HealthCheck>();
  private readonly facts: Record<string, string> = {};

  add(name: string, check: HealthCheck): void {
    this.checks.set(name, check);
  }

  /** What people should know although the service does its work, such as a far side that does not answer. */
  addNote(name: string, note: HealthCheck): void {
    this.notes.set(name, note);
  }

  /** What is so for as long as the service runs, and good to know beside whether it is ready. */
  addFact(name: string, fact: string): void {
    this.facts[name] = fact;
  }

  /** All facts. */
  known(): Record<string, string> {
    return this.facts;
  }

  /** The notes that have something to say. */
  degraded(): Promise<Record<string, string>> {
    return answersOf(this.notes);
  }

  /** Runs all checks; the answer names each that fails. */
  faults(): Promise<Record<string, string>> {
    return answersOf(this.checks);
  }
}

async function answersOf(checks: Map<string, HealthCheck>): Promise<Record<string, string>> {
  const answers: Record<string, string> = {};
  for (const [name, check] of checks) {
    try {
      const answer = await check();
      if (answer) answers[name] = answer;
    } catch (error) {
      answers[name] = `the check itself failed (${(error as Error).name})`;
    }
  }
  return answers;
}

@Public()
@Controller('health')
export class HealthController {
  constructor(private readonly health: Health) {}

  /** The process answers; whether it can work is what `ready` says. */
  @Get('live')
  @HttpCode(200)
  live() {
    return { live: true };
  }

  @Get('ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const faults = await this.health.faults();
    const degraded = await this.health.degraded();
    const ready = isEmpty(faults);
    const facts = this.health.known();
    void reply.status(ready ? 200 : 503);
    return {
      ready,
      ...(!isEmpty(facts) && { facts }),
      ...(!ready && { faults }),
      ...(!isEmpty(degraded) && { degraded }),
    };
  }
}

function isEmpty(answers: Record<string, string>): boolean {
  return Object.keys(answers).length === 0;
}
