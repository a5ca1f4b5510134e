/** Numbers pairs of integers from 0 on, in the order of their coming: a hash table without objects. */
export class PairNumbers {
  #size = 0;
  /** Three integers a slot: first, second, and the pair's number + 1; 0 where the slot is free. */
  #slots = new Int32Array(3 * 1024);

  /** Number of pairs. */
  get size(): number {
    return this.#size;
  }

  /** A pair's number; -1 where it has none. */
  find(first: number, second: number): number {
    return this.#slots[this.#slot(first, second) + 2] - 1;
  }

  /** A pair's number, a new one where it has none. */
  add(first: number, second: number): number {
    let slot = this.#slot(first, second);
    if (this.#slots[slot + 2] > 0) return this.#slots[slot + 2] - 1;
    if (6 * this.#size >= this.#slots.length) {
      this.#grow();
      slot = this.#slot(first, second);
    }
    this.#put(slot, first, second, this.#size + 1);
    return this.#size++;
  }

  /** Where the pair is, or would be. */
  #slot(first: number, second: number): number {
    const slots = this.#slots;
    const last = slots.length / 3 - 1;
    let hash = Math.imul(first + 1, 0x9e3779b1) ^ Math.imul(second + 1, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    for (let i = (hash ^ (hash >>> 13)) & last;; i = (i + 1) & last) {
      const slot = 3 * i;
      if (slots[slot + 2] === 0 || (slots[slot] === first && slots[slot + 1] === second)) {
        return slot;
      }
    }
  }

  #put(slot: number, first: number, second: number, number: number): void {
    this.#slots[slot] = first;
    this.#slots[slot + 1] = second;
    this.#slots[slot + 2] = number;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(2 * old.length);
    for (let i = 0; i < old.length; i += 3) {
      if (old[i + 2] > 0) this.#put(this.#slot(old[i], old[i + 1]), old[i], old[i + 1], old[i + 2]);
    }
  }
}
