/** The seven notebooks, in the order in which they are run. */
export const notebookNames = [
  "01_prepare_data",
  "02_cache_features",
  "03_build_tokenizer",
  "04_train",
  "05_evaluate",
  "06_caption",
  "07_compare",
];
