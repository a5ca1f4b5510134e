/// <reference lib="dom" />
interface Props {
  label: string;
  value: string;
  /** Value and text of each. */
  options: readonly (readonly [string, string])[];
  onChoose: (value: string) => void;
}

/** A list of which one is chosen. */
export function Choice({ label, value, options, onChoose }: Props) {
  return (
    <label class="choice">
      <span>{label}</span>
      <select value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
        {options.map(([each, text]) => (
          <option key={each} value={each} selected={each === value}>{text}</option>
        ))}
      </select>
    </label>
  );
}
