import type { AxisKeys } from "./figure_parts.ts";

/** From values to pixels along one axis. */
export interface Scale {
  /** The pixel of a value, or of a category. */
  at(value: number | string): number;
  /** Length of one unit, in pixels; of a decade on a logarithmic axis. */
  unit: number;
  /** Where the axis begins and ends, in pixels. */
  pixels: readonly [number, number];
  /** Ticks with what is written there. */
  ticks: { value: number; label: string }[];
  /** Whether values are logarithms on this axis. */
  isLog: boolean;
}

/** What is drawn along an axis. */
export interface Extent {
  /** The least value; Infinity if there is none. */
  low: number;
  /** The largest value. */
  high: number;
  /** Names in place of numbers. */
  categories: string[];
  /** Whether ends get no room beyond the values. */
  isTight: boolean;
}

/**
 * The scale of an axis.
 *
 * @param pixels of its beginning and its end
 * @param room pixels that a tick takes
 */
export function scaleOf(
  keys: AxisKeys,
  extent: Extent,
  pixels: readonly [number, number],
  room: number,
): Scale {
  const isLog = keys.type === "log";
  const toAxis = (value: number) => isLog ? Math.log10(value) : value;
  let [low, high] = keys.range ?? padded(extent, toAxis, isLog);
  if (keys.autorange === "reversed") [low, high] = [high, low];
  const unit = (pixels[1] - pixels[0]) / (high - low);
  const at = (value: number | string) => {
    const place = typeof value === "number" ? toAxis(value) : extent.categories.indexOf(value);
    return pixels[0] + (place - low) * unit;
  };
  const most = Math.max(2, Math.floor(Math.abs(pixels[1] - pixels[0]) / room));
  const [least, last] = [Math.min(low, high), Math.max(low, high)];
  const ticks = ticksOf(keys, extent, least, last, most, isLog);
  return { at, unit, pixels, ticks, isLog };
}

function padded(
  { low, high, categories, isTight }: Extent,
  toAxis: (value: number) => number,
  isLog: boolean,
): [number, number] {
  if (categories.length > 0) return [-0.5, categories.length - 0.5];
  if (low > high) return isLog ? [0, 1] : [0, 1]; // nothing to draw yet
  const [from, to] = [toAxis(low), toAxis(high)];
  if (isTight) return [from, to];
  const beyond = (to - from) * 0.05 || 0.5;
  return [low === 0 && !isLog ? 0 : from - beyond, to + beyond];
}

function ticksOf(
  keys: AxisKeys,
  { categories }: Extent,
  low: number,
  high: number,
  most: number,
  isLog: boolean,
): Scale["ticks"] {
  if (keys.tickvals) {
    return keys.tickvals.map((value, i) => ({ value, label: keys.ticktext?.[i] ?? String(value) }));
  }
  if (categories.length > 0) return categories.map((label, value) => ({ value, label }));
  const values = isLog ? logTicks(keys, low, high) : linearTicks(keys, low, high, most);
  return values.map((value) => ({ value, label: numberLabel(value, keys.tickformat) }));
}

function linearTicks({ dtick, tick0 = 0 }: AxisKeys, low: number, high: number, most: number) {
  const step = typeof dtick === "number" ? dtick : niceStep((high - low) / most);
  const first = Math.ceil((low - tick0) / step - 1e-9);
  const count = Math.floor((high - tick0) / step + 1e-9) - first + 1;
  return Array.from(
    { length: Math.max(0, count) },
    (_, i) => Number((tick0 + (first + i) * step).toPrecision(12)),
  );
}

/** Powers of ten; with `D2`, or where there would be one at most, 2 and 5 times them as well. */
function logTicks({ dtick }: AxisKeys, low: number, high: number): number[] {
  const powers = (digits: number[]) => {
    const found = [];
    for (let power = Math.floor(low); power <= high; power++) {
      found.push(...digits.map((digit) => Number(`${digit}e${power}`)));
    }
    return found.filter((value) => {
      const place = Math.log10(value);
      return place >= low - 1e-9 && place <= high + 1e-9;
    });
  };
  const tens = powers([1]);
  return dtick === "D2" || tens.length < 2 ? powers([1, 2, 5]) : tens;
}

/** The least of 1, 2, 5, 10, … times a power of ten that is not below. */
function niceStep(least: number): number {
  if (!(least > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((digit) => digit * power >= least * (1 - 1e-9)) ?? 10);
}

function numberLabel(value: number, format?: string): string {
  const [, digits, kind] = /^\.(\d)([fe])$/.exec(format ?? "") ?? [];
  if (kind === "f") return value.toFixed(Number(digits)).replace("-", "−");
  if (kind === "e") return value.toExponential(Number(digits)).replace("-", "−");
  return value.toLocaleString("en", { maximumSignificantDigits: 6 }).replace("-", "−");
}
