import type { TensorMetadata, TFEOpAttr, TFJSBinding } from "./binding_types.ts";
import type { CApi } from "./c_api.ts";
import { AttributeType, bytesPerElement, DataType, dataTypeName } from "./data_types.ts";
import { cString, libc } from "./libc.ts";

type Handle = NonNullable<Deno.PointerValue>;

const TSTRING_BYTES = 24; // sizeof(TF_TString), the same on every 64-bit platform
const MAX_OUTPUTS = 64;

/** ConfigProto { gpu_options { allow_growth: true }, allow_soft_placement: true } */
const CONTEXT_CONFIG = new Uint8Array([0x32, 2, 0x20, 1, 0x38, 1]);

/**
 * The native half of TF.js' Node backend (`TFJSBinding` of
 * `@tensorflow/tfjs-node-gpu`) on TensorFlow's C API, eager mode.
 *
 * Callers see tensors as numbers; each stands for one TensorFlow handle,
 * freed by `deleteTensor`. int64 results are cast to int32 at once, since TF.js
 * has no int64; bfloat16 is made by `Cast` or from its bits, and read as the float32 of equal
 * value. SavedModels, which training and inference never use, throw.
 */
export class Binding implements TFJSBinding {
  readonly TF_FLOAT = DataType.float32;
  readonly TF_INT32 = DataType.int32;
  readonly TF_INT64 = DataType.int64;
  readonly TF_BOOL = DataType.bool;
  readonly TF_COMPLEX64 = DataType.complex64;
  readonly TF_STRING = DataType.string;
  readonly TF_RESOURCE = DataType.resource;
  readonly TF_UINT8 = DataType.uint8;
  readonly TF_ATTR_STRING = AttributeType.string;
  readonly TF_ATTR_INT = AttributeType.int;
  readonly TF_ATTR_FLOAT = AttributeType.float;
  readonly TF_ATTR_BOOL = AttributeType.bool;
  readonly TF_ATTR_TYPE = AttributeType.type;
  readonly TF_ATTR_SHAPE = AttributeType.shape;
  readonly TF_ATTR_RESOURCE = 9;
  readonly TF_Version: string;

  /** Every device TensorFlow sees: its name and its type (`CPU`, `GPU`). */
  readonly devices: { name: string; type: string }[];

  #api: CApi;
  #context: Handle;
  #status: Handle;
  #handles = new Map<number, Handle>();
  #nextId = 1;
  #names = new Map<string, Uint8Array<ArrayBuffer>>();
  /** Attributes that operations are known to have, so that each is asked for once. */
  #attributes = new Map<string, Set<string>>();
  #functions = new Set<string>();
  #isList = new Uint8Array(1);
  #outputs = new BigUint64Array(MAX_OUTPUTS);
  #outputCount = new Int32Array(1);

  /** @throws {Error} if TensorFlow cannot make a context */
  constructor(api: CApi) {
    this.#api = api;
    this.TF_Version = text(api.TF_Version());
    this.#status = api.TF_NewStatus()!;
    const options = api.TFE_NewContextOptions();
    try {
      api.TFE_ContextOptionsSetConfig(
        options,
        CONTEXT_CONFIG,
        BigInt(CONTEXT_CONFIG.length),
        this.#status,
      );
      this.#check("setting the context's options");
      this.#context = api.TFE_NewContext(options, this.#status)!;
      this.#check("making a context");
    } finally {
      api.TFE_DeleteContextOptions(options);
    }
    this.devices = this.#listDevices();
  }

  createTensor(
    shape: number[],
    dtype: number,
    values: Float32Array | Int32Array | Uint8Array | Uint8Array[] | number[] | ArrayBufferView,
  ): number {
    const size = shape.reduce((product, length) => product * length, 1);
    const tensor = dtype === DataType.string
      ? this.#stringTensor(shape, size, values as Uint8Array[])
      : this.#numberTensor(shape, size, dtype, values);
    try {
      const handle = this.#api.TFE_NewTensorHandle(tensor, this.#status);
      this.#check(`creating a tensor of shape [${shape}]`);
      return this.#keep(handle!);
    } finally {
      this.#api.TF_DeleteTensor(tensor);
    }
  }

  deleteTensor(id: number): void {
    this.#api.TFE_DeleteTensorHandle(this.#handle(id));
    this.#handles.delete(id);
  }

  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array {
    const handle = this.#handle(id);
    const dtype = this.#api.TFE_TensorHandleDataType(handle);
    const tensor = this.#api.TFE_TensorHandleResolve(handle, this.#status);
    this.#check("reading a tensor");
    try {
      if (dtype === DataType.string) {
        return this.#readStrings(tensor!, handle) as unknown as Uint8Array;
      }
      return this.#readNumbers(tensor!, dtype);
    } finally {
      this.#api.TF_DeleteTensor(tensor);
    }
  }

  executeOp(
    name: string,
    attributes: TFEOpAttr[],
    inputIds: number[],
    outputCount: number,
  ): TensorMetadata[] {
    const api = this.#api;
    const op = api.TFE_NewOp(this.#context, this.#name(name), this.#status);
    this.#check(name);
    try {
      for (const attribute of attributes) this.#setAttribute(op!, name, attribute);
      for (const id of inputIds) {
        api.TFE_OpAddInput(op, this.#handle(id), this.#status);
        this.#check(name);
      }
      if (outputCount > MAX_OUTPUTS) this.#outputs = new BigUint64Array(outputCount);
      this.#outputCount[0] = outputCount;
      api.TFE_Execute(op, this.#outputs, this.#outputCount, this.#status);
      this.#check(name);
    } finally {
      api.TFE_DeleteOp(op);
    }
    const handles = Array.from(
      { length: this.#outputCount[0] },
      (_, i) => Deno.UnsafePointer.create(this.#outputs[i])!,
    );
    return handles.map((handle) => this.#describe(handle));
  }

  /**
   * Makes sure that {@linkcode executeOp} knows a function by its name.
   *
   * @param make gives its definition, a `FunctionDef` in the wire format
   */
  demandFunction(name: string, make: () => Uint8Array): void {
    if (this.#functions.has(name)) return;
    const definition = make();
    this.#api.TFE_ContextAddFunctionDef(
      this.#context,
      definition as Uint8Array<ArrayBuffer>,
      BigInt(definition.length),
      this.#status,
    );
    this.#check(`defining ${name}`);
    this.#functions.add(name);
  }

  getNumOfTensors(): number {
    return this.#handles.size;
  }

  isUsingGpuDevice(): boolean {
    return this.devices.some((device) => device.type === "GPU");
  }

  loadSavedModel(): number {
    throw noSavedModels();
  }

  deleteSavedModel(): void {
    throw noSavedModels();
  }

  runSavedModel(): TensorMetadata[] {
    throw noSavedModels();
  }

  getNumOfSavedModels(): number {
    return 0;
  }

  #numberTensor(shape: number[], size: number, dtype: number, values: unknown): Handle {
    const width = bytesPerElement[dtype];
    if (width === undefined) {
      throw new TypeError(`Cannot create a tensor of ${dataTypeName(dtype)}`);
    }
    const bytes = elementBytes(values, dtype);
    if (bytes.byteLength !== size * width) {
      throw new RangeError(
        `A ${dataTypeName(dtype)} tensor of shape [${shape}] takes ${size * width} bytes, ` +
          `but the values given have ${bytes.byteLength}`,
      );
    }
    const tensor = this.#allocate(shape, dtype, bytes.byteLength);
    if (bytes.byteLength > 0) {
      libc().memcpy(this.#api.TF_TensorData(tensor), bytes, BigInt(bytes.byteLength));
    }
    return tensor;
  }

  #stringTensor(shape: number[], size: number, values: (Uint8Array | string)[]): Handle {
    if (values.length !== size) {
      throw new RangeError(
        `A string tensor of shape [${shape}] takes ${size} strings, but ${values.length} were given`,
      );
    }
    const tensor = this.#allocate(shape, DataType.string, size * TSTRING_BYTES);
    const start = this.#api.TF_TensorData(tensor);
    values.forEach((value, i) => {
      const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
      const pointer = Deno.UnsafePointer.offset(start!, i * TSTRING_BYTES);
      this.#api.TF_StringInit(pointer);
      this.#api.TF_StringCopy(pointer, bytes as BufferSource, BigInt(bytes.length));
    });
    return tensor;
  }

  #allocate(shape: number[], dtype: number, bytes: number): Handle {
    const tensor = this.#api.TF_AllocateTensor(
      dtype,
      BigInt64Array.from(shape, BigInt),
      shape.length,
      BigInt(bytes),
    );
    if (tensor === null) throw new Error(`No memory for a tensor of ${bytes} bytes`);
    return tensor;
  }

  #readNumbers(tensor: Handle, dtype: number): Float32Array | Int32Array | Uint8Array {
    const bytes = new Uint8Array(Number(this.#api.TF_TensorByteSize(tensor)));
    if (bytes.length > 0) {
      Deno.UnsafePointerView.copyInto(this.#api.TF_TensorData(tensor)!, bytes);
    }
    switch (dtype) {
      case DataType.float32:
      case DataType.complex64:
        return new Float32Array(bytes.buffer);
      case DataType.int32:
        return new Int32Array(bytes.buffer);
      case DataType.bfloat16:
        return widened(new Uint16Array(bytes.buffer));
      case DataType.bool:
      case DataType.uint8:
        return bytes;
      default:
        throw new TypeError(`Cannot read a tensor of ${dataTypeName(dtype)}`);
    }
  }

  #readStrings(tensor: Handle, handle: Handle): Uint8Array[] {
    const start = this.#api.TF_TensorData(tensor);
    const size = this.#shape(handle).reduce((product, length) => product * length, 1);
    return Array.from({ length: size }, (_, i) => {
      const pointer = Deno.UnsafePointer.offset(start!, i * TSTRING_BYTES);
      const bytes = new Uint8Array(Number(this.#api.TF_StringGetSize(pointer)));
      if (bytes.length > 0) {
        Deno.UnsafePointerView.copyInto(this.#api.TF_StringGetDataPointer(pointer)!, bytes);
      }
      return bytes;
    });
  }

  #describe(handle: Handle): TensorMetadata {
    const dtype = this.#api.TFE_TensorHandleDataType(handle);
    const id = this.#keep(handle);
    if (dtype !== DataType.int64) return { id, shape: this.#shape(handle), dtype };
    const cast = (name: string, value: number) => ({ name, type: AttributeType.type, value });
    const attributes = [cast("SrcT", DataType.int64), cast("DstT", DataType.int32)];
    try {
      return this.executeOp("Cast", attributes, [id], 1)[0];
    } finally {
      this.deleteTensor(id);
    }
  }

  #shape(handle: Handle): number[] {
    const dims = this.#api.TFE_TensorHandleNumDims(handle, this.#status);
    this.#check("reading a shape");
    const shape = new Array<number>(dims);
    for (let i = 0; i < dims; i++) {
      shape[i] = Number(this.#api.TFE_TensorHandleDim(handle, i, this.#status));
    }
    return shape;
  }

  #setAttribute(op: Handle, opName: string, { name, type, value }: TFEOpAttr): void {
    const api = this.#api;
    const key = this.#name(name);
    this.#demandAttribute(op, opName, name);
    const many = Array.isArray(value) || ArrayBuffer.isView(value);
    const list = value as unknown as number[];
    switch (type) {
      case AttributeType.type:
        return many
          ? api.TFE_OpSetAttrTypeList(op, key, Int32Array.from(list), list.length)
          : api.TFE_OpSetAttrType(op, key, value as number);
      case AttributeType.int:
        return many
          ? api.TFE_OpSetAttrIntList(op, key, BigInt64Array.from(list, BigInt), list.length)
          : api.TFE_OpSetAttrInt(op, key, BigInt(value as number));
      case AttributeType.float:
        return many
          ? api.TFE_OpSetAttrFloatList(op, key, Float32Array.from(list), list.length)
          : api.TFE_OpSetAttrFloat(op, key, value as number);
      case AttributeType.bool:
        return many
          ? api.TFE_OpSetAttrBoolList(op, key, Uint8Array.from(list, Number), list.length)
          : api.TFE_OpSetAttrBool(op, key, value ? 1 : 0);
      case AttributeType.string:
        return many
          ? this.#setStrings(op, key, value as unknown as string[])
          : this.#setString(op, key, value as string);
      case AttributeType.shape:
        this.#setShape(op, key, value as number[] | number[][]);
        return this.#check(`${opName}'s attribute ${name}`);
      default:
        throw new TypeError(
          `${opName}'s attribute "${name}" has kind ${type}, which this binding does not set`,
        );
    }
  }

  /** TensorFlow itself ignores an attribute that the operation does not have; `_…` is any op's. */
  #demandAttribute(op: Handle, opName: string, name: string): void {
    if (name.startsWith("_")) return;
    let known = this.#attributes.get(opName);
    if (known === undefined) this.#attributes.set(opName, known = new Set());
    if (known.has(name)) return;
    this.#api.TFE_OpGetAttrType(op, this.#name(name), this.#isList, this.#status);
    this.#check(`${opName}'s attribute ${name}`);
    known.add(name);
  }

  #setString(op: Handle, key: Uint8Array<ArrayBuffer>, value: string): void {
    const bytes = cString(value);
    this.#api.TFE_OpSetAttrString(op, key, bytes, BigInt(bytes.length - 1));
  }

  #setStrings(op: Handle, key: Uint8Array<ArrayBuffer>, values: string[]): void {
    const strings = values.map(cString);
    const pointers = BigUint64Array.from(
      strings,
      (string) => Deno.UnsafePointer.value(Deno.UnsafePointer.of(string)),
    );
    const lengths = BigUint64Array.from(strings, (string) => BigInt(string.length - 1));
    this.#api.TFE_OpSetAttrStringList(op, key, pointers, lengths, values.length);
  }

  #setShape(op: Handle, key: Uint8Array<ArrayBuffer>, value: number[] | number[][]): void {
    const api = this.#api;
    if (!Array.isArray(value[0])) {
      const dims = BigInt64Array.from(value as number[], BigInt);
      return api.TFE_OpSetAttrShape(op, key, dims, dims.length, this.#status);
    }
    const shapes = (value as number[][]).map((shape) => BigInt64Array.from(shape, BigInt));
    const pointers = BigUint64Array.from(
      shapes,
      (shape) => Deno.UnsafePointer.value(Deno.UnsafePointer.of(shape)),
    );
    const ranks = Int32Array.from(shapes, (shape) => shape.length);
    api.TFE_OpSetAttrShapeList(op, key, pointers, ranks, shapes.length, this.#status);
  }

  #listDevices(): { name: string; type: string }[] {
    const api = this.#api;
    const list = api.TFE_ContextListDevices(this.#context, this.#status);
    this.#check("listing devices");
    try {
      return Array.from({ length: api.TF_DeviceListCount(list) }, (_, i) => ({
        name: text(api.TF_DeviceListName(list, i, this.#status)),
        type: text(api.TF_DeviceListType(list, i, this.#status)),
      }));
    } finally {
      api.TF_DeleteDeviceList(list);
    }
  }

  #keep(handle: Handle): number {
    this.#handles.set(this.#nextId, handle);
    return this.#nextId++;
  }

  #handle(id: number): Handle {
    const handle = this.#handles.get(id);
    if (handle === undefined) throw new Error(`Tensor ${id} does not exist (any more)`);
    return handle;
  }

  #name(name: string): Uint8Array<ArrayBuffer> {
    let bytes = this.#names.get(name);
    if (bytes === undefined) this.#names.set(name, bytes = cString(name));
    return bytes;
  }

  #check(doing: string): void {
    if (this.#api.TF_GetCode(this.#status) === 0) return;
    throw new Error(`TensorFlow, ${doing}: ${text(this.#api.TF_Message(this.#status))}`);
  }
}

/** The bytes of numbers, converted to the width of a data type first where they come as plain numbers. */
function elementBytes(values: unknown, dtype: number): Uint8Array<ArrayBuffer> {
  let view = values as ArrayBufferView;
  if (dtype === DataType.int32 && !(values instanceof Int32Array)) {
    view = Int32Array.from(values as number[]);
  } else if (dtype === DataType.float32 && !(values instanceof Float32Array)) {
    view = Float32Array.from(values as number[]);
  } else if (dtype === DataType.bool && !(values instanceof Uint8Array)) {
    view = Uint8Array.from(values as number[], Number);
  }
  return new Uint8Array(view.buffer as ArrayBuffer, view.byteOffset, view.byteLength);
}

/** A bfloat16 is the upper half of the float32 of equal value. */
function widened(halves: Uint16Array): Float32Array<ArrayBuffer> {
  return new Float32Array(Uint32Array.from(halves, (bits) => bits << 16).buffer);
}

function text(pointer: Deno.PointerValue): string {
  return pointer === null ? "" : new Deno.UnsafePointerView(pointer).getCString();
}

function noSavedModels(): Error {
  return new Error("SavedModels are not supported by this engine; load a Keras or TF.js file");
}
