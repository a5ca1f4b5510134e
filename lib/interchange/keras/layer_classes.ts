import { groupNames } from "../../keras/mod.ts";

/** Keras' classes that decoders are made of, or that stand in their way. */
const CLASSES = [
  ..."InputLayer Embedding Dense Dropout SpatialDropout1D GaussianNoise GaussianDropout".split(" "),
  ..."LSTM GRU SimpleRNN CuDNNLSTM CuDNNGRU Bidirectional TimeDistributed RepeatVector".split(" "),
  ..."Add Concatenate Merge Multiply Average Maximum Subtract Dot Attention Lambda".split(" "),
  ..."AdditiveAttention MultiHeadAttention BatchNormalization LayerNormalization".split(" "),
  ..."Masking Activation Softmax ReLU Reshape Flatten Permute Rescaling".split(" "),
  ..."AlphaDropout ActivityRegularization Identity LeakyReLU ELU Minimum".split(" "),
  ..."UnitNormalization GlobalAveragePooling1D GlobalMaxPooling1D Conv1D Conv2D".split(" "),
];

const BY_GROUP: ReadonlyMap<string, string> = new Map(
  CLASSES.map((name) => [groupNames([name])[0], name]),
);

/** Names that Keras gives to layers and TensorFlow to its own functions, but for their number. */
const OTHERS: Record<string, string> = {
  input: "InputLayer",
  "tf.__operators__.add": "Add",
  "tf.concat": "Concatenate",
  tf_op_layer_add: "Add",
  tf_op_layer_concat: "Concatenate",
  cu_dnnlstm: "CuDNNLSTM",
  cu_dnngru: "CuDNNGRU",
};

/** The class of a layer that has the name which Keras gives by itself: `LSTM` of `lstm_2`. */
export function classOfGroup(name: string): string | undefined {
  const group = name.replace(/_\d+$/, "");
  return BY_GROUP.get(group) ?? OTHERS[group] ??
    (/^tf[._]/.test(group) ? "a TensorFlow function" : undefined);
}
