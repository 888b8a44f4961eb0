// Bundles the page and the report: node web/build.mjs BUILD [--watch]
//   BUILD/node_modules   the packages, from `npm ci`
//   BUILD/core/core.wasm nirc's core, where it could be compiled
//   BUILD/dist/          what is written: report.html, page/
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = dirname(fileURLToPath(import.meta.url));
const build = resolve(process.argv[2] ?? 'build/web');
const modules = join(build, 'node_modules');
const dist = join(build, 'dist');
const esbuild = createRequire(join(modules, 'x.js'))('esbuild');

/** What every bundle has in common. The packages lie in the build folder, not beside the sources. */
const common = {
  bundle: true,
  minify: true,
  format: /** @type {const} */ ('iife'),
  target: ['chrome109', 'firefox115', 'safari16'],
  nodePaths: [modules],
  charset: /** @type {const} */ ('utf8'),
  legalComments: /** @type {const} */ ('none'),
  metafile: true,
  write: false,
  logLevel: /** @type {const} */ ('warning'),
};

/**
 * Bundles entry points and returns the text of each output by its file's name, and the packages inside.
 * @param {string[]} entries paths in web/
 * @param {import('esbuild').BuildOptions} [options]
 */
export async function bundle(entries, options = {}) {
  const result = await esbuild.build({
    ...common,
    ...options,
    entryPoints: entries.map((entry) => join(source, entry)),
    outdir: dist,
  });
  const outputs = new Map(result.outputFiles.map((file) => [file.path.split('/').pop(), file.contents]));
  const packages = Object.keys(result.metafile.inputs).map((input) => {
    const found = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    return found ? found[1] : undefined;
  });
  return { outputs, packages: [...new Set(packages)].filter((name) => name !== undefined).sort() };
}

/** The licences of packages, as one text: each asks to be named wherever its code is. */
export function licences(packages) {
  return packages
    .map((name) => {
      const folder = join(modules, name);
      const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
      if (!file) {
        throw new Error(`${name}: found no licence in the package, expected a file LICENSE`);
      }
      return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}

/** The same of the libraries that are in core.wasm, as Debian keeps them. */
function debianLicences() {
  return ['libfmt-dev', 'nlohmann-json3-dev', 'wasi-libc', 'libc++-22-dev-wasm32']
    .map((name) => [name, `/usr/share/doc/${name}/copyright`])
    .filter(([, path]) => existsSync(path))
    .map(([name, path]) => `${name}\n\n${readFileSync(path, 'utf8').trim()}\n`);
}

const text = (bytes) => new TextDecoder().decode(bytes);

/** A script inside HTML ends at the first `</script`, wherever it stands. */
const inScript = (code) => code.replaceAll(/<\/(script)/gi, '<\\/$1').replaceAll('<!--', '<\\!--');

/** The report: one file. Its template has `<!-- style -->`, `<!-- script -->` and `<!-- licences -->`. */
async function buildReport() {
  const { outputs, packages } = await bundle(['report/report.js', 'report/report.css']);
  const parts = {
    '<!-- style -->': `<style>${text(outputs.get('report.css'))}</style>`,
    '<!-- script -->': `<script>${inScript(text(outputs.get('report.js')))}</script>`,
    '<!-- licences -->': `<script type="text/plain" id="licences">${inScript(licences(packages))}</script>`,
  };
  let html = readFileSync(join(source, 'report/report.html'), 'utf8');
  for (const [mark, part] of Object.entries(parts)) {
    if (!html.includes(mark)) {
      throw new Error(`report.html: found no ${mark}, expected one`);
    }
    html = html.replace(mark, () => part);
  }
  writeFileSync(join(dist, 'report.html'), html);
}

/** What of examples/ the page brings along. */
const exampleFiles = () => readdirSync(join(source, '../examples')).filter((name) => /\.(nir|npy)$/.test(name));

/** The page: a folder of static files, each named in the service worker, which keeps them for when there is no network. */
async function buildPage() {
  const out = join(dist, 'page');
  rmSync(out, { recursive: true, force: true });
  const core = join(build, 'core/core.wasm');
  if (!existsSync(core)) {
    return; // the build said why there is none
  }
  mkdirSync(join(out, 'examples'), { recursive: true });
  const { outputs, packages } = await bundle(['page/page.js', 'page/page.css', 'page/worker.js', 'core/hdf5Library.js']);
  for (const [name, bytes] of outputs) {
    writeFileSync(join(out, name), bytes);
  }
  for (const name of ['index.html', 'manifest.webmanifest', 'icon.svg']) {
    cpSync(join(source, 'page', name), join(out, name));
  }
  cpSync(core, join(out, 'core.wasm'));
  for (const name of exampleFiles()) {
    cpSync(join(source, '../examples', name), join(out, 'examples', name));
  }
  writeFileSync(join(out, 'licences.txt'), [licences(packages), ...debianLicences()].join(`\n${'-'.repeat(80)}\n\n`));
  await buildServiceWorker(out);
}

/** Its cache has the hash of all files in its name, so another build is another cache. */
async function buildServiceWorker(out) {
  const files = readdirSync(out, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(out, join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
  const hash = createHash('sha256');
  files.forEach((file) => hash.update(file).update(readFileSync(join(out, file))));
  const define = { VERSION: JSON.stringify(hash.digest('hex').slice(0, 16)), FILES: JSON.stringify(['./', ...files]) };
  const { outputs } = await bundle(['page/serviceWorker.js'], { define });
  writeFileSync(join(out, 'serviceWorker.js'), outputs.get('serviceWorker.js'));
}

async function buildAll() {
  mkdirSync(dist, { recursive: true });
  await Promise.all([buildReport(), buildPage()]);
}

await buildAll();
if (process.argv.includes('--watch')) {
  let waiting;
  watch(source, { recursive: true }, () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => buildAll().catch((error) => console.error(String(error))), 100);
  });
}
