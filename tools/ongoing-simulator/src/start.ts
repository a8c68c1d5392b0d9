import type { AddressInfo } from 'node:net';
import type { Command } from './control/command.ts';
import { commands } from './control/commands.ts';
import { localControl, type Control } from './control/control.ts';
import { servePage } from './floor-page/page.ts';
import type { KnobSettings } from './knobs.ts';
import { createSite } from './server/server.ts';
import { StateFile } from './saving/state-file.ts';
import { Simulation } from './simulation.ts';

export interface SimulatorOptions {
  /** 0, the default, takes any free port. */
  port?: number | undefined;
  host?: string | undefined;
  /** Path segment of the API's address. */
  warehouse?: string | undefined;
  goodsOwnerId?: number | undefined;
  user?: string | undefined;
  password?: string | undefined;
  knobs?: KnobSettings | undefined;
  /** State is loaded from this file where it exists, and saved there now and then and at the end. */
  stateFile?: string | undefined;
}

export interface Simulator {
  /** Where the page is, such as http://127.0.0.1:7400. */
  url: string;
  /** What a client takes as its base URL. */
  apiUrl: string;
  port: number;
  goodsOwnerId: number;
  user: string;
  password: string;
  control: Control;
  /** For specs in this process that look inside. */
  simulation: Simulation;
  close: () => Promise<void>;
}

/**
 * Starts a simulated Ongoing of one goods owner. Throws an error that says what to do where the port is
 * taken.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { port = 0, host = '127.0.0.1', warehouse = 'demo', goodsOwnerId = 41 } = options;
  const { user = 'WSI-demo', password = 'demo' } = options;
  const simulation = new Simulation({
    goodsOwner: { id: goodsOwnerId, name: 'Shop AB' },
    users: [{ user, password, goodsOwners: [goodsOwnerId] }],
    system: warehouse,
  });
  if (options.knobs) simulation.turnKnobs(options.knobs);
  const stateFile =
    options.stateFile === undefined ? undefined : new StateFile(options.stateFile, simulation);
  const table = commands(simulation);
  const server = createSite({
    simulation,
    commands: table as unknown as Record<string, Command>,
    warehouseName: warehouse,
    page: (url, request, response) => servePage(simulation.warehouse, url, request, response),
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(startError(error, port, host)));
    server.listen(port, host, resolve);
  });
  try {
    stateFile?.keep();
  } catch (error) {
    server.close();
    throw new Error(`The state cannot be saved to ${options.stateFile}: ${String(error)}`, { cause: error });
  }
  const address = server.address() as AddressInfo;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
  return {
    url,
    apiUrl: `${url}/${warehouse}/api/v1/`,
    port: address.port,
    goodsOwnerId,
    user,
    password,
    control: localControl(table),
    simulation,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      stateFile?.close();
      simulation.stop();
    },
  };
}

function startError(error: NodeJS.ErrnoException, port: number, host: string): Error {
  if (error.code === 'EADDRINUSE') {
    return new Error(
      `Port ${port} on ${host} is taken. Stop what listens there, or choose another with --port.`,
    );
  }
  if (error.code === 'EACCES')
    return new Error(`Port ${port} on ${host} may not be used. Choose one above 1023.`);
  return error;
}
