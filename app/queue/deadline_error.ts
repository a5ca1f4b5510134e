/** A photo whose turn came after the time that its client is willing to wait. */
export class DeadlineError extends Error {
  override name = "DeadlineError";

  constructor() {
    super("The deadline passed before its turn came.");
  }
}
