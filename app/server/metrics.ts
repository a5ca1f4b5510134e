import process from "node:process";
import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** The server's metrics, in a registry of their own. */
export interface Metrics {
  registry: Registry;
  requests: Counter<"route" | "method" | "status">;
  seconds: Histogram<"route">;
  photos: Counter<"outcome">;
  dropped: Counter<"reason">;
  batchPhotos: Histogram;
  batchSeconds: Histogram;
}

/** @param queued photos that are accepted and not answered */
export function createMetrics(queued: () => number): Metrics {
  const registry = new Registry();
  const registers = [registry];
  gauge("queued_photos", "Photos that are accepted and not answered.", queued);
  gauge("process_resident_memory_bytes", "Resident memory.", () => process.memoryUsage().rss);
  gauge("process_heap_bytes", "Heap in use.", () => process.memoryUsage().heapUsed);
  gauge("process_uptime_seconds", "Seconds since the process began.", () => process.uptime());
  return {
    registry,
    requests: new Counter({
      name: "showtell_requests_total",
      help: "Requests answered.",
      labelNames: ["route", "method", "status"],
      registers,
    }),
    seconds: new Histogram({
      name: "showtell_request_seconds",
      help: "Seconds from a request to the end of its answer.",
      labelNames: ["route"],
      buckets: [0.005, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10, 30],
      registers,
    }),
    photos: new Counter({
      name: "showtell_photos_total",
      help: "Photos answered, by outcome: captioned, refused or failed.",
      labelNames: ["outcome"],
      registers,
    }),
    dropped: new Counter({
      name: "showtell_photos_dropped_total",
      help: "Photos dropped before they were computed: deadline or left.",
      labelNames: ["reason"],
      registers,
    }),
    batchPhotos: new Histogram({
      name: "showtell_batch_photos",
      help: "Photos in a batch.",
      buckets: [1, 2, 4, 8, 16, 32, 64],
      registers,
    }),
    batchSeconds: new Histogram({
      name: "showtell_batch_seconds",
      help: "Seconds that a batch took.",
      buckets: [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
      registers,
    }),
  };

  function gauge(name: string, help: string, value: () => number): void {
    new Gauge({
      name: `showtell_${name}`,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  }
}
