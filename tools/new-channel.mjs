// Makes a channel for another kind of shop. usage: npm run new:channel -- acme, see docs/adding-a-channel.md
import { existsSync, readdirSync, readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

const template = join(import.meta.dirname, 'channel-template');
const usage = 'usage: npm run new:channel -- NAME, such as npm run new:channel -- acme';

function fail(why) {
  console.error(`${why}\n${usage}`);
  process.exit(64);
}

const [name, ...more] = process.argv.slice(2);
if (!name || more.length > 0) fail('It takes one name: what the shop system is called.');
// The name becomes a folder, an image, the kind in channels.json, a variable and the beginning of others.
if (!/^[a-z][a-z0-9]{1,19}$/.test(name))
  fail(`'${name}' cannot be a name: it takes 2 to 20 lower case letters and digits, a letter first.`);
if (name === 'kit') fail("'kit' is the name of what all channels share: take another one.");
const folder = `apps/channel-${name}`;
if (existsSync(folder))
  fail(`${folder} is there already: go on with it, or delete it and run this again, or take another name.`);
if (!existsSync('docker-compose.yml'))
  fail('There is no docker-compose.yml here: run this in the root of the repository.');

// Not before it is known that something will be made.
const { format, resolveConfig } = await import('prettier');

const named = (text) =>
  text
    .replaceAll('acme', name)
    .replaceAll('Acme', name[0].toUpperCase() + name.slice(1))
    .replaceAll('ACME', name.toUpperCase());

/** Other names make other lines, so what is made is formatted anew. */
async function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  const options = path.endsWith('.md') ? undefined : await resolveConfig(join(template, 'package.json'));
  writeFileSync(path, options === undefined ? text : await format(text, { ...options, filepath: path }));
}

/** Changes a file that lists all channels; it says so where the place is not found, and goes on. */
function list(path, change) {
  const before = readFileSync(path, 'utf8');
  const after = change(before);
  if (after === before) console.error(`${path} has another shape than expected: list channel-${name} there.`);
  else writeFileSync(path, after);
}

for (const file of readdirSync(template, { recursive: true, withFileTypes: true })) {
  if (!file.isFile()) continue;
  const path = join(file.parentPath, file.name);
  const below = path.slice(template.length + 1);
  await write(join(folder, named(below)), named(readFileSync(path, 'utf8')));
}

const code = name.toUpperCase().slice(0, 10);
const secret = `${name}_token`;
list('docker-compose.yml', (text) => {
  const ports = [...text.matchAll(/127\.0\.0\.1:(74\d\d):8080/g)].map((match) => Number(match[1]));
  const block = `
  channel-${name}:
    <<: *service
    build: { context: ., args: { APP: channel-${name} } }
    environment:
      <<: *environment
      CHANNEL_CODE: ${code}
      AUTHORITY_URL: http://stock-authority:8080
      AUTHORITY_TOKEN_FILE: /run/secrets/channel_token
      ${name.toUpperCase()}_URL: \${${name.toUpperCase()}_URL:?the address of the ${code} shop}
      ${name.toUpperCase()}_TOKEN_FILE: /run/secrets/${secret}
    secrets: [database_url, service_tokens, channel_token, ${secret}]
    configs: [{ source: channels, target: /etc/samlast/channels.json }]
    ports: ['127.0.0.1:${Math.max(...ports) + 1}:8080']
`;
  return text
    .replace('\nconfigs:\n', `${block}\nconfigs:\n`)
    .replace('\nvolumes:\n', `  ${secret}: { file: ./secrets/${secret} }\n\nvolumes:\n`);
});
list('docs/operating.md', (text) =>
  text.replace(/(Those of one kind stand in its README:[^]*?)\.\n\n/, (_all, kinds) => {
    const variables = `\`${name.toUpperCase()}_URL\`, \`${name.toUpperCase()}_TOKEN\``;
    return `${kinds}, [channel-${name}](../${folder}/README.md)\n(${variables}).\n\n`;
  }),
);
// As npm would: a workspace that the lockfile does not have is refused by npm ci.
list('package-lock.json', (text) => {
  const lock = JSON.parse(text);
  const {
    private: _private,
    type: _type,
    ...manifest
  } = JSON.parse(named(readFileSync(join(template, 'package.json'), 'utf8')));
  lock.packages[folder] = manifest;
  lock.packages[`node_modules/@samlast/channel-${name}`] = { resolved: folder, link: true };
  const inOrder = Object.entries(lock.packages).toSorted(([one], [other]) => one.localeCompare(other, 'en'));
  return `${JSON.stringify({ ...lock, packages: Object.fromEntries(inOrder) }, null, 2)}\n`;
});

console.log(`${folder} is made, and listed in docker-compose.yml, docs/operating.md and package-lock.json. Next:
  npm install
  SUITE=contract node tools/test.mjs ${folder}     # each test that fails names what to write, and where
  docs/adding-a-channel.md          # says how, in an hour`);
