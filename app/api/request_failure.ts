/** Why a request as a whole cannot be answered. */
export class RequestFailure extends Error {
  override name = "RequestFailure";

  /**
   * @param status HTTP status, such as 413
   * @param message one sentence for the caller
   * @param retryAfter whole seconds after which another try makes sense
   */
  constructor(
    readonly status: number,
    message: string,
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}
