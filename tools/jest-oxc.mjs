// Jest's transform is the compiler that the apps are bundled with; its options come from the nearest tsconfig.json.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { transformSync } from 'rolldown/utils';

const salt = readFileSync(new URL('../tsconfig.base.json', import.meta.url)) + process.version;

export default {
  process(source, filename) {
    const { code, map, errors } = transformSync(filename, source, { sourcemap: true, tsconfig: true });
    if (errors.length) throw new Error(errors.map((e) => e.codeframe ?? e.message).join('\n'));
    const inlined = Buffer.from(JSON.stringify(map)).toString('base64');
    return { code: `${code}\n//# sourceMappingURL=data:application/json;base64,${inlined}` };
  },
  getCacheKey: (source, filename) =>
    createHash('sha1').update(`${salt}\0${filename}\0${source}`).digest('hex'),
};
