// Opens reports in Chromium and uses them as a reader does: node report_test.mjs PROGRAM SOURCE_DIR BROWSER [PICTURES]
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {chromium} from 'playwright-core';

const [program, source, browserPath, pictures] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'throughline-web-'));
const throughline = (...words) => execFileSync(program, words, {encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe']});

function study(name, text) {
  const path = join(folder, `${name}.toml`);
  writeFileSync(path, text.replaceAll('MODELS', join(source, 'models/examples')));
  const results = join(folder, name);
  throughline('run', path, '-o', results);
  throughline('report', results);
  return join(results, 'report.html');
}

/** A study of an example: as it is, and with whatever more scenarios. */
const studyOf = (model, more = '') => `[study]
model = "MODELS/${model}"
replications = 5
seed = 1
[scenarios.baseline]
name = "As it is"
${more}`;

const browser = await chromium.launch({executablePath: browserPath, args: [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run',
  '--disable-component-update', '--disable-sync']});
let checks = 0;
const check = (truth, words) => {
  assert.ok(truth, words);
  ++checks;
};

/** A page that tells of every error, and of everything it asks for. */
async function open(path, options = {}) {
  const context = await browser.newContext({viewport: {width: 1280, height: 900}, reducedMotion: 'reduce', ...options});
  const page = await context.newPage();
  const faults = [], asked = [];
  page.on('console', message => {
    if (['error', 'warning'].includes(message.type())) faults.push(message.text());
  });
  page.on('pageerror', error => faults.push(String(error)));
  page.on('request', request => asked.push(request.url()));
  const address = pathToFileURL(path).href;
  await page.goto(address);
  if (options.javaScriptEnabled !== false) await page.waitForSelector('#methods h2');
  return {page, done: async () => {
    assert.deepEqual(faults, [], 'no error on the console');
    assert.deepEqual(asked.filter(url => url.split('#')[0] !== address && !url.startsWith('blob:')), [], 'no request leaves the page');
    checks += 2;
    await context.close();
  }};
}

async function axeClean(page, what) {
  await page.evaluate(axe);
  const {violations} = await page.evaluate(() => globalThis.axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']}));
  const words = violations.map(one => `${one.id}: ${one.help}: ` + one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | '));
  assert.deepEqual(words, [], `axe finds nothing in ${what}`);
  ++checks;
}

/** Nothing is wider than the window, and no chart is empty. */
async function fits(page, width) {
  await page.setViewportSize({width, height: 900});
  await page.waitForTimeout(300);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  check(wide <= 0, `the page is ${wide} px wider than a window of ${width} px`);
  const empty = await page.evaluate(() => [...document.querySelectorAll('.plot')].filter(plot => !plot.querySelector('svg path, svg rect')).length);
  check(empty === 0, `${empty} charts are empty at ${width} px`);
}

async function picture(page, name) {
  if (!pictures) return;
  mkdirSync(pictures, {recursive: true});
  await page.screenshot({path: join(pictures, `${name}.png`), fullPage: true});
}

/** What is read there, once the charts have been drawn. */
async function textOf(page, place) {
  await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))));
  return page.locator(place).first().innerText();
}

/** The first number of the comparison. */
const numberOf = async page => Number((await textOf(page, '#comparison .figures b')).split(' ')[0].replace('\u2212', '-').replaceAll(',', ''));

async function togglesWork(page) {
  const cards = '#comparison .cards';
  const values = await textOf(page, cards);
  await page.getByLabel('differences only').check();
  const differences = await textOf(page, cards);
  check(values !== differences, 'the comparison follows the toggle');
  check(/less/.test(await textOf(page, '#comparison .note')), 'and says that these are differences');
  const there = await numberOf(page);
  const lists = page.getByLabel('Compare with');
  const options = await lists.locator('option').count();
  if (options > 1) {
    await lists.selectOption({index: 1});
    check(await textOf(page, cards) !== differences, 'another baseline gives other differences');
    const back = await numberOf(page);
    check(back === -there && there !== 0, `of the same size, with the other sign: ${there}, ${back}`);
    await lists.selectOption({index: 0});
  }
  check(await textOf(page, cards) === differences, 'the first baseline gives the first differences again');
  await page.getByLabel('values side by side').check();
  check(await textOf(page, cards) === values, 'and back');
}

async function explorerWorks(page) {
  const title = () => textOf(page, '#explorer figcaption strong');
  const first = await title();
  await page.locator('#explorer').getByLabel('Look at').selectOption('setting');
  const setting = await title();
  check(setting !== first, 'the explorer follows what is looked at');
  await page.locator('#explorer').getByLabel('Measure').selectOption('census_mean');
  check((await title()).startsWith('Average number of clients there'), 'and the measure');
  await page.locator('#explorer').getByText('The numbers as a table').click();
  const rows = page.locator('#explorer tbody tr');
  await rows.nth(1).waitFor();
  check(await rows.count() > 1, 'its numbers stand in a table');
  const seen = (await rows.first().locator('td').allInnerTexts()).map(text => text.replaceAll(',', ''));
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#explorer button.quiet').click()]);
  const csv = readFileSync(await download.path(), 'utf8').replace(/^\ufeff/, '').split('\r\n');
  check(csv.length === await rows.count() + 2, 'the file has a line for each row');
  const numbers = csv[1].split(',').slice(1);
  check(seen.every((text, i) => text === 'n/a' || Number(text.replace('\u2212', '-')) === Number(numbers[i])), 'with the same numbers');
  const boxes = page.locator('#explorer fieldset').filter({hasText: 'Scenarios'}).getByRole('checkbox');
  if (await boxes.count() > 1) {
    await boxes.last().uncheck();
    check(await page.locator('#explorer .legend li').count() === await boxes.count() - 1, 'a scenario can be left out');
    await boxes.last().check();
    await page.getByLabel('one for each scenario').check();
    await page.getByLabel('one for all').check();
  }
}

async function keyboardWorks(page) {
  await page.reload();
  await page.waitForSelector('#methods h2');
  await page.keyboard.press('Tab');
  check(await page.evaluate(() => document.activeElement?.className) === 'skip', 'the first stop of the keyboard skips to the results');
  await page.keyboard.press('Enter');
  check(await page.evaluate(() => document.activeElement?.id) === 'main', 'and goes there');
  const list = page.locator('#explorer').getByLabel('Measure');
  await list.focus();
  const before = await textOf(page, '#explorer figcaption strong');
  await page.keyboard.press('ArrowDown');
  check(await textOf(page, '#explorer figcaption strong') !== before, 'arrow keys choose in a list');
  const fold = page.locator('#settings summary').first();
  await fold.focus();
  await page.keyboard.press('Enter');
  await page.locator('#settings details[open] table').waitFor();
  check(await page.locator('#settings details[open] table').count() === 1, 'Enter opens a table');
  const reached = await page.evaluate(() => {
    const stops = 'a[href], button, select, input, summary, [tabindex="0"]';
    return [...document.querySelectorAll(stops)].every(element => element.tabIndex >= 0);
  });
  check(reached, 'whatever can be used can be reached');
}

/** On paper each chart takes the room it has on the screen, or nearly. */
async function prints(page) {
  const heights = () => page.evaluate(() => [...document.querySelectorAll('.drawing')].map(drawing => drawing.getBoundingClientRect().height));
  const there = await heights();
  await page.emulateMedia({media: 'print'});
  const printed = await heights();
  await page.emulateMedia({media: 'screen'});
  check(there.length > 2 && printed.every((height, i) => height > 0.3 * there[i] && height > 20),
        `all ${there.length} charts are printed: ${there.map(Math.round)} on the screen, ${printed.map(Math.round)} on paper`);
}

/** What the page says first is what the command says first. */
async function saysTheFinding(page, results) {
  const first = throughline('results', results).split('\n')[0];
  check((await textOf(page, '#finding p')).replaceAll('\u2212', '-') === first, 'the finding is the one of the command line');
}

async function whole(name, path) {
  const {page, done} = await open(path);
  await saysTheFinding(page, join(folder, name));
  await fits(page, 800);
  await picture(page, `${name}-800`);
  await fits(page, 1280);
  await picture(page, `${name}-1280`);
  await axeClean(page, name);
  await prints(page);
  return {page, done};
}

const started = Date.now();
try {
  {  // two scenarios with staff
    const more = '[scenarios.fewer]\nname = "Half the referrals"\nscale = { "arrivals.referral.rate" = 0.5 }\n';
    const {page, done} = await whole('staff', study('staff', studyOf('staff.toml', more)));
    check(await page.locator('#staff figure').count() === 1, 'staff are told of');
    check(/no rules/.test(await textOf(page, '#absent')), 'what is not there is said');
    await togglesWork(page);
    await explorerWorks(page);
    await keyboardWorks(page);
    await axeClean(page, 'staff, after use');
    await done();
  }
  for (const name of ['money', 'equity', 'policies']) {  // one scenario
    const {page, done} = await whole(name, study(name, studyOf(`${name}.toml`)));
    check(await page.locator(`#${name} figure`).count() >= 1, `${name} has a chart`);
    check(await page.locator('.chooser').count() === 0, 'one scenario is compared with nothing');
    await done();
  }
  {  // uncertain parameters, and a sweep
    const sweep = '[sweep]\ndesign = "one_at_a_time"\n[sweep.over]\n"settings.ward.capacity" = { low = 14, high = 18 }\n';
    const {page, done} = await whole('sweep', study('sweep', studyOf('staff.toml', sweep)));
    check(await page.locator('#sensitivity figure').count() >= 1, 'a sweep has its tornado');
    await done();
  }
  {
    const {page, done} = await open(join(folder, 'money', 'report.html'), {javaScriptEnabled: false});
    check(/95% interval/.test(await page.locator('#finding').innerText()), 'without scripts the finding is there');
    check(await page.locator('main table tbody tr').count() > 0, 'and the main table');
    await done();
  }
  console.log(`${checks} checks, ${((Date.now() - started) / 1000).toFixed(0)} s`);
} finally {
  await browser.close();
  rmSync(folder, {recursive: true, force: true});
}
