/** A tensor that the native side made. */
export interface TensorMetadata {
  /** Stands for the tensor until `deleteTensor`. */
  id: number;
  /** Its dimensions. */
  shape: number[];
  /** TensorFlow's number of its data type. */
  dtype: number;
}

/** An attribute of an operation; lists go to the list setters. */
export interface TFEOpAttr {
  /** The attribute's name in TensorFlow's op definition. */
  name: string;
  /** A number of `AttributeType`. */
  type: number;
  /** A value or a list of values of that kind. */
  value: boolean | number | string | readonly (boolean | number | string | number[])[];
}

/**
 * What TF.js' Node backend asks of its native half: the interface of
 * `@tensorflow/tfjs-node-gpu` 4.22, whose own declaration needs its addon.
 */
export interface TFJSBinding {
  createTensor(shape: number[], dtype: number, values: ArrayBufferView | Uint8Array[]): number;
  deleteTensor(tensorId: number): void;
  tensorDataSync(tensorId: number): Float32Array | Int32Array | Uint8Array;
  executeOp(
    opName: string,
    opAttrs: TFEOpAttr[],
    inputTensorIds: number[],
    numOutputs: number,
  ): TensorMetadata[];
  loadSavedModel(exportDir: string, tags: string): number;
  deleteSavedModel(savedModelId: number): void;
  runSavedModel(
    savedModelId: number,
    inputTensorIds: number[],
    inputOpNames: string,
    outputOpNames: string,
  ): TensorMetadata[];
  getNumOfSavedModels(): number;
  getNumOfTensors(): number;
  isUsingGpuDevice(): boolean;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_INT64: number;
  readonly TF_BOOL: number;
  readonly TF_COMPLEX64: number;
  readonly TF_STRING: number;
  readonly TF_RESOURCE: number;
  readonly TF_UINT8: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_SHAPE: number;
  readonly TF_ATTR_RESOURCE: number;
  readonly TF_Version: string;
}
