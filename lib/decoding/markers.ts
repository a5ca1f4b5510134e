/** Word indices that decoding has to know. */
export interface Markers {
  /** Read before the first word. */
  start: number;
  /** Ends a caption. */
  end: number;
  /** Ends a caption as well, where it may be emitted. */
  padding?: number;
  /** Never emitted: padding, start, unknown; none where captions are made as Keras notebooks do. */
  forbidden: number[];
}
