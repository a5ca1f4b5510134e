const STATUS = "pointer";

/** The functions of TensorFlow's C API (tensorflow/c/c_api.h, eager/c_api.h, tf_tstring.h) in use. */
const SYMBOLS = {
  TF_Version: { parameters: [], result: "pointer" },
  TF_NewStatus: { parameters: [], result: "pointer" },
  TF_GetCode: { parameters: [STATUS], result: "i32" },
  TF_Message: { parameters: [STATUS], result: "pointer" },
  TF_AllocateTensor: { parameters: ["i32", "buffer", "i32", "usize"], result: "pointer" },
  TF_TensorData: { parameters: ["pointer"], result: "pointer" },
  TF_TensorByteSize: { parameters: ["pointer"], result: "usize" },
  TF_DeleteTensor: { parameters: ["pointer"], result: "void" },
  TF_StringInit: { parameters: ["pointer"], result: "void" },
  TF_StringCopy: { parameters: ["pointer", "buffer", "usize"], result: "void" },
  TF_StringGetDataPointer: { parameters: ["pointer"], result: "pointer" },
  TF_StringGetSize: { parameters: ["pointer"], result: "usize" },
  TF_DeviceListCount: { parameters: ["pointer"], result: "i32" },
  TF_DeviceListName: { parameters: ["pointer", "i32", STATUS], result: "pointer" },
  TF_DeviceListType: { parameters: ["pointer", "i32", STATUS], result: "pointer" },
  TF_DeleteDeviceList: { parameters: ["pointer"], result: "void" },
  TFE_NewContextOptions: { parameters: [], result: "pointer" },
  TFE_ContextOptionsSetConfig: {
    parameters: ["pointer", "buffer", "usize", STATUS],
    result: "void",
  },
  TFE_DeleteContextOptions: { parameters: ["pointer"], result: "void" },
  TFE_NewContext: { parameters: ["pointer", STATUS], result: "pointer" },
  TFE_ContextAddFunctionDef: { parameters: ["pointer", "buffer", "usize", STATUS], result: "void" },
  TFE_ContextListDevices: { parameters: ["pointer", STATUS], result: "pointer" },
  TFE_NewTensorHandle: { parameters: ["pointer", STATUS], result: "pointer" },
  TFE_DeleteTensorHandle: { parameters: ["pointer"], result: "void" },
  TFE_TensorHandleDataType: { parameters: ["pointer"], result: "i32" },
  TFE_TensorHandleNumDims: { parameters: ["pointer", STATUS], result: "i32" },
  TFE_TensorHandleDim: { parameters: ["pointer", "i32", STATUS], result: "i64" },
  TFE_TensorHandleResolve: { parameters: ["pointer", STATUS], result: "pointer" },
  TFE_NewOp: { parameters: ["pointer", "buffer", STATUS], result: "pointer" },
  TFE_DeleteOp: { parameters: ["pointer"], result: "void" },
  TFE_OpAddInput: { parameters: ["pointer", "pointer", STATUS], result: "void" },
  TFE_OpGetAttrType: { parameters: ["pointer", "buffer", "buffer", STATUS], result: "i32" },
  TFE_OpSetAttrType: { parameters: ["pointer", "buffer", "i32"], result: "void" },
  TFE_OpSetAttrTypeList: { parameters: ["pointer", "buffer", "buffer", "i32"], result: "void" },
  TFE_OpSetAttrInt: { parameters: ["pointer", "buffer", "i64"], result: "void" },
  TFE_OpSetAttrIntList: { parameters: ["pointer", "buffer", "buffer", "i32"], result: "void" },
  TFE_OpSetAttrFloat: { parameters: ["pointer", "buffer", "f32"], result: "void" },
  TFE_OpSetAttrFloatList: { parameters: ["pointer", "buffer", "buffer", "i32"], result: "void" },
  TFE_OpSetAttrBool: { parameters: ["pointer", "buffer", "u8"], result: "void" },
  TFE_OpSetAttrBoolList: { parameters: ["pointer", "buffer", "buffer", "i32"], result: "void" },
  TFE_OpSetAttrString: { parameters: ["pointer", "buffer", "buffer", "usize"], result: "void" },
  TFE_OpSetAttrStringList: {
    parameters: ["pointer", "buffer", "buffer", "buffer", "i32"],
    result: "void",
  },
  TFE_OpSetAttrShape: {
    parameters: ["pointer", "buffer", "buffer", "i32", STATUS],
    result: "void",
  },
  TFE_OpSetAttrShapeList: {
    parameters: ["pointer", "buffer", "buffer", "buffer", "i32", STATUS],
    result: "void",
  },
  TFE_Execute: { parameters: ["pointer", "buffer", "buffer", STATUS], result: "void" },
} as const satisfies Deno.ForeignLibraryInterface;

/** TensorFlow's C functions, ready to be called. */
export type CApi = Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];

/**
 * Opens a TensorFlow library.
 *
 * @throws {Error} if it cannot be loaded or lacks a function
 */
export function openCApi(path: string): CApi {
  return Deno.dlopen(path, SYMBOLS).symbols;
}
