import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import type { Simulation } from '../simulation.ts';
import { loadState, saveState } from './state.ts';

const SAVE_EVERY_MS = 5000;

/** Keeps the state in a file: read at the start, written when something changed, and at the end. */
export class StateFile {
  private savedVersion = -1;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly path: string,
    private readonly simulation: Simulation,
  ) {
    if (existsSync(path)) this.read();
  }

  /** Saves at once, so that a file that cannot be written is found at the start and not at the end. */
  keep(): void {
    this.save();
    this.timer = setInterval(() => {
      this.saveIfChanged().catch((error: unknown) => {
        console.error(`The state could not be saved to ${this.path}: ${String(error)}. It is tried again.`);
      });
    }, SAVE_EVERY_MS);
    this.timer.unref();
  }

  save(): void {
    // First beside it, then in its place, so that a crash never leaves half a file.
    writeFileSync(`${this.path}.new`, JSON.stringify(saveState(this.simulation)));
    renameSync(`${this.path}.new`, this.path);
    this.savedVersion = this.simulation.warehouse.ground.version;
  }

  close(): void {
    clearInterval(this.timer);
    this.save();
  }

  private read(): void {
    try {
      loadState(this.simulation, JSON.parse(readFileSync(this.path, 'utf8')));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`${this.path}: ${reason} Move the file away to start with an empty warehouse.`, {
        cause: error,
      });
    }
  }

  private async saveIfChanged(): Promise<void> {
    const { version } = this.simulation.warehouse.ground;
    if (version === this.savedVersion) return;
    await writeFile(`${this.path}.part`, JSON.stringify(saveState(this.simulation)));
    await rename(`${this.path}.part`, this.path);
    this.savedVersion = version;
  }
}
