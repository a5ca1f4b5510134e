/// <reference lib="dom" />
interface Props {
  label: string;
  help: string;
  least: number;
  most: number;
  step: number;
  value: number;
  /** The value as people read it. */
  shown: string;
  onMove: (value: number) => void;
}

/** A number that is set by moving. */
export function Slider({ label, help, least, most, step, value, shown, onMove }: Props) {
  return (
    <label class="slider">
      <span class="label">
        {label} <b>{shown}</b>
      </span>
      <input
        type="range"
        min={least}
        max={most}
        step={step}
        value={value}
        aria-valuetext={shown}
        onInput={({ currentTarget }) => onMove(Number(currentTarget.value))}
      />
      <small>{help}</small>
    </label>
  );
}
