// Makes the report page's script and style, and writes them as C++ strings. Called by CMake:
//   node build.mjs OUTPUT.cpp
// What it writes depends on the files in this folder alone. A stamp beside it says of which it was made, so that a
// second build folder, or a build without a network, has nothing to do.
import {createHash} from 'node:crypto';
import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, readFileSync, readdirSync, renameSync, utimesSync, writeFileSync} from 'node:fs';
import {dirname, join, relative} from 'node:path';
import {fileURLToPath} from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const output = process.argv[2];
if (!output) {
  console.error('usage: node build.mjs OUTPUT.cpp');
  process.exit(2);
}

function filesIn(folder) {
  return readdirSync(folder, {withFileTypes: true})
      .flatMap(entry => entry.isDirectory() ? filesIn(join(folder, entry.name)) : [join(folder, entry.name)])
      .sort();
}

function digestOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(relative(here, file) + '\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

/** The packages that the lock file names, by their digests; only when they are not there already. */
function install() {
  const lock = join(here, 'package-lock.json'), stamp = join(here, 'node_modules', '.throughline');
  const wanted = digestOf([lock]);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log('npm ci: packages of the report page');
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
               {cwd: here, stdio: 'inherit'});
  writeFileSync(stamp, wanted);
}

/** A C++ literal: ASCII, and no digit that could be taken for a part of the escape before it. */
function literal(text) {
  const lines = [];
  let line = '';
  for (const byte of Buffer.from(text, 'utf8')) {
    const letter = String.fromCharCode(byte);
    if (letter === '"' || letter === '\\' || letter === '?') line += '\\' + letter;
    else if (byte >= 0x20 && byte < 0x7f) line += letter;
    else line += '\\' + byte.toString(8).padStart(3, '0');
    if (line.length >= 2000) {
      lines.push(`"${line}"`);
      line = '';
    }
  }
  lines.push(`"${line}"`);
  return lines.join('\n');
}

const sources = [...filesIn(join(here, 'src')),
                 ...['build.mjs', 'package.json', 'package-lock.json', 'tsconfig.json'].map(name => join(here, name))];
const made = digestOf(sources), stamp = output + '.stamp';
if (existsSync(output) && existsSync(stamp) && readFileSync(stamp, 'utf8') === made) {
  utimesSync(output, new Date(), new Date());
  process.exit(0);
}

install();
execFileSync(process.execPath, [join(here, 'node_modules', 'typescript', 'bin', 'tsc'), '--noEmit', '-p', here],
             {cwd: here, stdio: 'inherit'});
const {build} = await import('esbuild');
const options = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  write: false,
  charset: 'ascii',
  legalComments: 'inline',
  logLevel: 'warning',
  target: ['es2022'],
};
const script = await build({...options, entryPoints: ['src/main.ts'], format: 'iife',
                            define: {'process.env.NODE_ENV': '"production"', '__DEV__': 'false'}});
const style = await build({...options, entryPoints: ['src/style.css']});

mkdirSync(dirname(output), {recursive: true});
writeFileSync(output + '.part', `// Written by apps/web/build.mjs.
#include "apps/cli/web_page.hpp"

namespace tl {

PageAssets web_page() {
  static constexpr char script[] =
${literal(script.outputFiles[0].text)};
  static constexpr char style[] =
${literal(style.outputFiles[0].text)};
  return {{script, sizeof script - 1}, {style, sizeof style - 1}};
}

}  // namespace tl
`);
renameSync(output + '.part', output);
writeFileSync(stamp, made);
