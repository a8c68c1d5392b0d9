// Fails when a project imports what tools/boundaries.table.mjs does not allow it, a file of another project, or what
// no package.json declares. It sees imports, re-exports, import(), require and type imports: a type couples as firmly
// as a value. usage, at the root of the workspace: node tools/boundaries.mjs <projectRoot>
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { parseSync } from 'rolldown/utils';
import { inSpecs, reasons, table } from './boundaries.table.mjs';

const json = (path) => JSON.parse(readFileSync(path, 'utf8'));
const httpModules = new Set(['node:http', 'node:https', 'node:http2']);

const project = relative('.', process.argv[2] ?? '.').replaceAll(sep, '/');
const root = json('package.json');
const own = json(join(project, 'package.json'));
const line = table[project] ?? table[project.replace(/^apps\/channel-.*/, 'apps/channel-*')];
const workspace = readWorkspace();
const problems = [];

if (line) for (const file of filesOf(project)) checkFile(file);
else
  problems.push(
    `${project}: is not in tools/boundaries.table.mjs; give it a line that says what it may import`,
  );

for (const problem of problems) console.error(problem);
process.exitCode = problems.length ? 1 : 0;

/** Name of each package of the workspace → its folder. */
function readWorkspace() {
  const folders = root.workspaces.flatMap((pattern) => {
    if (!pattern.endsWith('/*')) return [pattern];
    const parent = pattern.slice(0, -2);
    return existsSync(parent) ? readdirSync(parent).map((name) => `${parent}/${name}`) : [];
  });
  return new Map(
    folders
      .filter((folder) => existsSync(join(folder, 'package.json')))
      .map((folder) => [json(join(folder, 'package.json')).name, folder]),
  );
}

function filesOf(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory())
      return ['node_modules', 'dist'].includes(entry.name) || entry.name.startsWith('.') ? [] : filesOf(path);
    return /\.[cm]?[jt]sx?$/.test(entry.name) ? [path] : [];
  });
}

function checkFile(file) {
  const place = {
    file,
    spec: /\.spec\.tsx?$|\/src\/testing\/|\/fixtures\//.test(file),
    browserSpec: /\.browser\.spec\.tsx?$/.test(file),
  };
  const { program, errors } = parseSync(file, readFileSync(file, 'utf8'));
  if (errors.length) problems.push(`${file}: cannot be read: ${errors[0].message}; correct it`);
  const seen = new Set();
  for (const id of importsOf(program)) {
    if (seen.has(id)) continue;
    seen.add(id);
    const why = id === undefined ? undefined : refusal(id, place);
    if (why) problems.push(`${file}: '${id}' ${why}`);
  }
  if (seen.has(undefined) && !line.mayCompute?.includes(relative(project, file)))
    problems.push(
      `${file}: 'import()' of a name that is computed, so that nobody can check it; write the name as a string, or as a const of this file`,
    );
}

/** Everything that the file imports, in whatever form; undefined for a name that only running the code would tell. */
function importsOf(program) {
  const found = [];
  const constants = new Map();
  for (const statement of program.body)
    for (const { id, init } of statement.type === 'VariableDeclaration' ? statement.declarations : [])
      if (statement.kind === 'const' && typeof init?.value === 'string') constants.set(id.name, init.value);
  const nameIn = (node) => {
    if (node?.type === 'TemplateLiteral' && node.quasis.length === 1) return node.quasis[0].value.cooked;
    return node?.type === 'Identifier' ? constants.get(node.name) : node?.value;
  };
  walk(program, (node) => {
    if (/^(Import|ExportNamed|ExportAll)Declaration$/.test(node.type) && node.source)
      found.push(node.source.value);
    else if (node.type === 'ImportExpression' || node.type === 'TSImportType')
      found.push(nameIn(node.source));
    else if (node.type === 'TSExternalModuleReference') found.push(nameIn(node.expression));
    else if (node.type === 'CallExpression' && loads(node.callee)) found.push(nameIn(node.arguments[0]));
  });
  return found;
}

/** require(…), require.resolve(…), import.meta.resolve(…) */
function loads(callee) {
  if (callee.type === 'Identifier') return callee.name === 'require';
  if (callee.type !== 'MemberExpression' || callee.property.name !== 'resolve') return false;
  return callee.object.name === 'require' || callee.object.type === 'MetaProperty';
}

function walk(node, visit) {
  if (Array.isArray(node)) for (const each of node) walk(each, visit);
  else if (node && typeof node === 'object') {
    if (typeof node.type === 'string') visit(node);
    for (const member of Object.values(node)) if (member && typeof member === 'object') walk(member, visit);
  }
}

/** Why this import is refused, with the next step; undefined when it is allowed. */
function refusal(id, place) {
  if (id.startsWith('.')) return refusalOfPath(id, place);
  if (/^(\/|file:|#|[A-Za-z]:)/.test(id))
    return 'is a path of one machine; import by a relative path or by name';
  if (isBuiltin(id) || id.startsWith('node:')) return refusalOfBuiltin(id, place);
  const name = id.split('/', id.startsWith('@') ? 2 : 1).join('/');
  const folder = workspace.get(name);
  return folder ? refusalOfProject(id, name, folder, place) : refusalOfPackage(name, place);
}

function refusalOfPath(id, { file, spec }) {
  const target = resolve(dirname(file), id);
  const inside = (folder) => !/^\.\.([/\\]|$)/.test(relative(folder, target));
  const reach = [project, ...(line.mayReach ?? []), ...(spec ? inSpecs.mayReach : [])];
  if (!reach.some(inside)) return 'leaves the project; import the library by its name, or move the file here';
  return undefined;
}

function refusalOfBuiltin(id, { spec }) {
  if (!id.startsWith('node:')) return `is Node's own; write 'node:${id}'`;
  if (spec) return undefined;
  if (httpModules.has(id) && !line.http) return `is not for ${project}: ${reasons['node:http']}`;
  return id === 'node:module' ? `is not for ${project}: ${reasons[id]}` : undefined;
}

function refusalOfProject(id, name, folder, { spec }) {
  const short = basename(folder);
  if (folder === project) return `is this project itself; import the file by its relative path`;
  if (folder.startsWith('apps/') && id === `${name}/decisions` && line.decisions?.includes(short))
    return undefined;
  if (folder.startsWith('apps/'))
    return 'is another app; services meet only on the bus and over HTTP, so send an event or move the code into a library';
  if (!line.libs.includes(short) && !(spec && inSpecs.libs.includes(short)))
    return `is not for ${project}${reasons[short] ? `: ${reasons[short]}` : '; see tools/boundaries.table.mjs'}`;
  const path = `.${id.slice(name.length)}`;
  if (!(path in (json(join(folder, 'package.json')).exports ?? {})))
    return `is not an entry of ${folder}; import '${name}', and export there what is missing`;
  if (own.dependencies?.[name] || (spec && own.devDependencies?.[name])) return undefined;
  if (own.devDependencies?.[name])
    return `is only a devDependency in ${project}/package.json; move it to dependencies`;
  return `is not declared; add "${name}": "*" to ${spec ? 'devDependencies' : 'dependencies'} in ${project}/package.json`;
}

function refusalOfPackage(name, { spec, browserSpec }) {
  const allowed = [
    ...line.packages,
    ...(spec ? [...(line.inSpecs ?? []), ...inSpecs.packages] : []),
    ...(browserSpec ? inSpecs.inBrowserSpecs : []),
  ];
  if (!allowed.includes(name)) {
    if (!spec && inSpecs.packages.includes(name))
      return `is not for ${project}: only specs use it; move this into a spec or src/testing`;
    return `is not for ${project}${reasons[name] ? `: ${reasons[name]}` : '; do without it, or add it to tools/boundaries.table.mjs with its reason in docs/dependencies.md'}`;
  }
  if (!root.dependencies?.[name] && !root.devDependencies?.[name])
    return 'is not in the root package.json; install it there';
  // Who installs a published library gets only what the library itself declares.
  if (!own.private && !spec && !own.dependencies?.[name])
    return `is not declared; add it to dependencies in ${project}/package.json, since the library is published`;
  return undefined;
}
