// The filter chains as text: whoever changes them has to say so in the profiles' ids.
import { expect, it } from "vitest";
import { measureFilter, normalizeFilter } from "../../src/audio/filters.ts";
import type { Compression } from "../../src/audio/loudness.ts";
import { PIPELINE_VERSION } from "../../src/core/audio-profile.ts";

const COMPRESSION: Compression = {
  preGainDb: -4,
  thresholdDbfs: -32,
  compressor: { thresholdDb: -12, ratio: 3, attackMs: 20, releaseMs: 500, kneeDb: 6 },
};

// Another chain gives other bytes for the same numbers. Then PIPELINE_VERSION has to be raised with it, or files of
// the old one are played as if they were new.
it("the chains are those of this pipeline version", () => {
  const heard = "aformat=sample_fmts=flt:sample_rates=48000:channel_layouts=stereo";
  const measured = "asetpts=N/SR/TB,ebur128=peak=true:framelog=verbose";
  const compressor =
    "volume=-4.0dB:precision=float,acompressor=threshold=0.025119:ratio=3:attack=20:release=500:knee=1.995262:detection=rms:link=average";
  expect({
    version: PIPELINE_VERSION,
    plain: normalizeFilter({ gainDb: 3.25, limitDbfs: null }),
    night: normalizeFilter({ gainDb: 9, limitDbfs: -2.5 }, { compression: COMPRESSION }),
  }).toEqual({
    version: 1,
    plain: `${heard},volume=3.3dB:precision=float,asetpts=N/SR/TB`,
    night: `${heard},${compressor},volume=9.0dB:precision=float,alimiter=limit=0.749894:level=0:attack=5:release=50:latency=1,${measured}`,
  });
  expect(measureFilter()).toBe(`${heard},${measured}`);
  expect(measureFilter({ compression: COMPRESSION })).toBe(`${heard},${compressor},${measured}`);
});

it("an effect comes before everything that is done about loudness", () => {
  const effect = { chain: "mono,echo", tempo: 1 };
  expect(measureFilter({ effect })).toMatch(/^aformat=[^,]*,mono,echo,asetpts=/u);
  const chain = normalizeFilter({ gainDb: 1, limitDbfs: null }, { effect, compression: COMPRESSION });
  expect(chain).toMatch(/^aformat=[^,]*,mono,echo,volume=-4\.0dB.*,acompressor=.*,volume=1\.0dB/u);
});
