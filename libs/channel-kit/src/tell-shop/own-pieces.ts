import { fromMilli, toMilli } from '@samlast/contracts';

interface ParcelLine {
  readonly row: string;
  readonly article: string;
  readonly quantity: string;
}

/**
 * What of a parcel its shop can take. People of the warehouse add lines and pieces that the shop has not sold. It has
 * read so in a remark, and would refuse the whole parcel with its tracking number for them. A parcel that has nothing
 * else in it is left as it is: the shop's refusal puts it before people.
 * @param left thousandths of a piece that were sold and not yet told as shipped, by row
 */
export function ownPieces<Line extends ParcelLine>(
  lines: readonly Line[],
  left: ReadonlyMap<string, bigint>,
): readonly (Line | ParcelLine)[] {
  const open = new Map(left);
  const own = lines.flatMap((line): (Line | ParcelLine)[] => {
    const { row, article } = line;
    const there = toMilli(line.quantity);
    const wanted = open.get(row) ?? 0n;
    const taken = there < wanted ? there : wanted;
    open.set(row, wanted - taken);
    if (taken <= 0n) return [];
    // Nobody can say which serial numbers and batches the shop's own pieces are of.
    return [taken === there ? line : { row, article, quantity: fromMilli(taken) }];
  });
  return own.length > 0 ? own : lines;
}
