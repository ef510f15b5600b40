// The document that the program wrote into the page: analysis/document.hpp says what is in it. Numbers are rounded
// there; here they are only shown.

/** [mean, low, high, decimals, replications, why there is no interval, what a difference means] */
export type Estimate = [number | null, number | null, number | null, number, number | null, string?, string?];

export interface Scenario {
  id: string;
  name: string;
  about: string;
  changes: string[];
  digest: string;
  replications: number;
}

export interface TableRow {
  of: string;
  id: string;
  values: (Estimate | null)[];   // by scenario
  changes: (Estimate | null)[];  // by pair
}
export interface TableGroup {
  words: string;
  measure: string;
  scope: string;
  unit: string;
  changeUnit: string;
  good: string;
  target: number | null;
  rows: TableRow[];
}
export interface Table {
  id: string;
  groups: TableGroup[];
}

export interface CourseMeasure {
  id: string;
  words: string;
  unit: string;
  changeUnit: string;
  good: string;
  limit: string;
}
export interface CourseScope {
  kind: string;
  id: string;
  name: string;
  standard?: number;
}
/** Whole numbers of the last decimal, [band][period]: the lowest band in steps from period to period, each further one as
 * what it is above the one below. Without `v` it is 0 always. */
export type PackedBands = (number | null)[][];
export interface CourseSeries {
  m: number;
  s: number;
  d?: number;         // decimals of `v`
  v?: PackedBands[];  // by scenario
  e?: number;         // decimals of `x`
  x?: PackedBands[];  // by pair, of the later less the earlier scenario
}
export interface Courses {
  every: string;
  periods: string[];
  measures: CourseMeasure[];
  scopes: CourseScope[];
  targets: {m: number; s: number; value: number}[];
  first: {m: string; kind: string; id: string};
  series: CourseSeries[];
}

export interface MapBox {
  id: string;
  name: string;
  lines: string[];
  department: string;
  colour: string;
  program: boolean;
  level: number;
  x: number;
  y: number;
  w: number;
  h: number;
  scenarios: {label: string; census: Estimate; capacity: number | string | null; occupancy: Estimate; queue: Estimate;
    returns: Estimate}[];
}
export interface MapArrow {
  from: string;
  to: string;
  width: number;
  bulge: number;
  back: boolean;
  colour: string;
  way: [number, number, number][];
  perYear: (number | null)[];
}
export interface FlowMap {
  width: number;
  height: number;
  placesY: number;
  programsY: number;
  lanes: {level: number; x: number; width: number}[];
  boxes: MapBox[];
  arrows: MapArrow[];
  departments: {id: string; name: string; colour: string}[];
  leftOut: number;
  leftOutShare: number;
}

export interface Occupancy {
  steps: number[];
  settings: {id: string; name: string; scenarios: {capacity: number | string | null; points: Estimate[]}[]}[];
}

export interface WhySetting {
  id: string;
  name: string;
  queue: (Estimate | null)[];
  parts: {measure: string; words: string; values: (Estimate | null)[]}[];
  texts: string[];
  changeTexts: string[];
}

export interface Policy {
  id: string;
  name: string;
  about: string;
  rule: string;
  changes: string;
  looksAt: string;
  unit: string;
  measure: string;
  opens: number | null;
  closes: number | null;
  open: (number | null)[][];
}

export interface GroupResult {
  kept?: string;
  value?: Estimate;
  compared?: Estimate;
  gap?: Estimate;
  ratio?: Estimate;
}
export interface EquityBlock {
  words: string;
  trait: string;
  unit: string;
  comparedUnit: string;
  good: string;
  groups: {name: string; reference: boolean; all: boolean; scenarios: (GroupResult | null)[]}[];
}

export interface WideTable {
  id: string;
  before: string[];
  notes: string[];
  columns: {words: string; number: boolean}[];
  rows: string[][];
  csv: string;
}
export interface Tornado {
  of: string;
  words: string;
  unit: string;
  method: string;
  bars: {factor: string; range: string; correlation: Estimate | null; atLow: Estimate | null; atHigh: Estimate | null;
    swing: Estimate | null}[];
}

export interface Assumption {
  id: string;
  value: string;
  range: string;
  unit: string;
  kind: string;
  weak: boolean;
  source: string;
  note: string;
}

export interface Report {
  format: number;
  title: string;
  about: string;
  study: string;
  model: string;
  start: string;
  days: number;
  seed: string;
  planned: number;
  program: string;
  engine: string;
  studyText: string;
  confidence: number;
  scenarios: Scenario[];
  pairs: [number, number][];
  findings: {scenario: string; text: string; clear: boolean}[];
  cautions: string[];
  tables: Table[];
  courses: Courses | null;
  map: FlowMap | null;
  occupancy: Occupancy | null;
  why: WhySetting[] | null;
  policies: Policy[] | null;
  equity: {blocks: EquityBlock[]; notes: string[]; references: {trait: string; group: string}[]} | null;
  sensitivity: {sentences: string[]; tables: WideTable[]; tornados: Tornado[]} | null;
  assumptions: {weak: number; rows: Assumption[]; findings: string[]};
}

/** The document as the page carries it: base64 of deflate. */
export async function readDocument(packed: string): Promise<Report> {
  const bytes = Uint8Array.from(atob(packed), letter => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  return JSON.parse(await new Response(stream).text()) as Report;
}
