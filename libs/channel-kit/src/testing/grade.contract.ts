import { afterAll, it } from '@jest/globals';
import { eventually, freePort } from '@samlast/test-stack';
import type { Scene } from './channel-contract.ts';
import type { FarSale, FarSide } from './far-side.ts';
import { offeredOf, says, tells } from './play.ts';
import { PromisedPieces } from './promised-pieces.ts';
import { Races } from './races.ts';
import { CODE } from './stage.ts';

const BUYERS = 4;
const TOKEN = 'what-the-shop-of-the-suite-proves-itself-with';

/**
 * How far a shop can be trusted when its buyers crowd: what is raced here is computed to a grade, which must be the one
 * that the adapter declares. A race that is lost is no failure by itself; a wrong declaration is.
 */
export function gradeContract(scene: Scene): void {
  const races = new Races();
  let claiming: FarSide | undefined;

  afterAll(async () => {
    if (claiming !== scene.far) await claiming?.stop();
  });

  const writesNumbers = () => (scene.stage.tampering.method ?? 'none') !== 'none';

  it(`races ${BUYERS} buyers for the last pieces of a lease`, async () => {
    if (!writesNumbers()) return;
    const { far } = scene;
    const stage = await scene.leasing();
    const article = await far.newArticle(0);
    await says(stage, article, await stage.level(article, 2), 2);
    const sold = await crowd(far, article);
    races.add('lease-safe', `${BUYERS} buyers at once for 2 leased pieces`, tooMany(sold.length, 2));
  });

  it('races buyers against the write that takes pieces of a lease away', async () => {
    if (!writesNumbers()) return;
    const { far } = scene;
    const stage = await scene.leasing();
    const article = await far.newArticle(0);
    await says(stage, article, await stage.level(article, 4), 4);
    const sales: FarSale[] = [];
    const [before, after] = [await atTheTill(far, article), await atTheTill(far, article)];
    const patient = await atTheTill(far, article);
    const buy = async (pay: typeof before) => sales.push(...[await pay()].filter((one) => one !== undefined));
    const once = (hook: 'beforeWrite' | 'afterWrite', pay: typeof before) => {
      stage.tampering[hook] = async (writes) => {
        if (!writes.some((one) => one.article === article)) return;
        stage.tampering[hook] = undefined;
        await buy(pay);
      };
    };
    once('beforeWrite', before);
    once('afterWrite', after);
    // Less than what stands at the till.
    const version = await stage.level(article, 1);
    await eventually(() => stage.tampering.afterWrite === undefined);
    const allowed = await eventually(
      async () => {
        const last = tells(stage, article).findLast((one) => one.version === version);
        const allowance = Number(last?.allowance);
        // What was sold and what is left make it up, once the sales have been read.
        return allowance >= sales.length + (await offeredOf(scene, article)) && { allowance };
      },
      { withinMs: 30_000 + 3 * stage.tampering.feedLagMs, message: `what ${article} may still sell` },
    );
    await buy(patient);
    sales.push(...(await crowd(far, article)));
    races.add(
      'lease-safe',
      'buyers before, during and after a write that lowers the number',
      tooMany(sales.length, allowed.allowance),
    );
  });

  it(`races ${BUYERS} buyers of a shop that claims for the last piece`, async () => {
    if (!scene.far.claiming) return;
    const port = await freePort();
    const promised = new PromisedPieces();
    const shop = await scene.far.claiming({ url: `http://127.0.0.1:${port}`, token: TOKEN });
    claiming = shop;
    const stage = await scene.startAnother(
      {
        mode: 'claim',
        startAt: new Date().toISOString(),
        env: { SERVICE_PORT: String(port), CLAIMS_TOKEN: TOKEN },
        claims: (asked) => promised.answer(asked),
      },
      shop.env,
    );
    // Its own number says that there are plenty: only who asks knows better.
    const article = await shop.newArticle(BUYERS + 1);
    promised.put(article, 1);
    const sold = await crowd(shop, article);
    races.add(
      'claim-safe',
      `${BUYERS} buyers at once for 1 piece that all may claim`,
      exactly(sold.length, 1),
    );
    const orders = await Promise.all(sold.map(({ number }) => stage.placed(`${number}-${CODE}`)));
    const unclaimed = orders.filter(({ claimKey }) => !promised.isConfirmed(claimKey));
    races.add(
      'claim-safe',
      'the order names the claim that was confirmed for it',
      unclaimed.length > 0 ? `${unclaimed.length} of ${orders.length} do not` : undefined,
    );
    promised.put(article, BUYERS);
    promised.silent = true;
    const unasked = await crowd(shop, article);
    races.add('claim-safe', 'buyers while nobody can say what is there', tooMany(unasked.length, 0));
    await stage.stop();
  });

  it('has the safety grade that it declares', () => {
    process.stderr.write(`${races.report(scene.name)}\n`);
    races.compare(scene.name, scene.stage.tampering.safety);
  });
}

/** A buyer who has all but the last step behind him. */
async function atTheTill(far: FarSide, article: string): Promise<() => Promise<FarSale | undefined>> {
  return far.atTheTill ? far.atTheTill(article, 1) : () => far.buy(article, 1);
}

/** All of them press the button at once; who was told yes. */
async function crowd(far: FarSide, article: string): Promise<FarSale[]> {
  const buyers = await Promise.all(Array.from({ length: BUYERS }, () => atTheTill(far, article)));
  const sales = await Promise.all(buyers.map((pay) => pay()));
  return sales.filter((sale) => sale !== undefined);
}

const tooMany = (sold: number, pieces: number) => (sold > pieces ? `${sold} sold of ${pieces}` : undefined);
const exactly = (sold: number, pieces: number) => (sold === pieces ? undefined : `${sold} sold of ${pieces}`);
