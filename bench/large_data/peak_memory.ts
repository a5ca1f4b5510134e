/** The most memory that this process ever had in RAM, libraries included, in bytes (Linux). */
export function peakMemory(): number {
  const status = Deno.readTextFileSync("/proc/self/status");
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
  if (kilobytes === undefined) throw new Error("/proc/self/status has no VmHWM");
  return Number(kilobytes) * 1024;
}

/** Resets the peak to what is in RAM now. */
export function forgetPeak(): void {
  Deno.writeTextFileSync("/proc/self/clear_refs", "5");
}
