// Bundles the page and the report: node web/build.mjs BUILD [--watch]
//   BUILD/node_modules   the packages, from `npm ci`
//   BUILD/core/core.wasm nirc's core, where it could be compiled
//   BUILD/dist/          what is written: report.html, page/
import { createRequire } from 'node:module';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
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

/** The page: a folder of static files. */
async function buildPage() {
  const out = join(dist, 'page');
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const { outputs, packages } = await bundle(['page/page.js', 'page/page.css']);
  for (const [name, bytes] of outputs) {
    writeFileSync(join(out, name), bytes);
  }
  writeFileSync(join(out, 'licences.txt'), licences(packages));
  cpSync(join(source, 'page/index.html'), join(out, 'index.html'));
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
