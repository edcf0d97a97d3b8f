import { type ScoreTask, scoreDocument } from "./score-document.ts";

/** A process that scores one document after another, as the parent asks. It is watched, and ended, from outside. */
process.on("message", (task: ScoreTask) => {
  scoreDocument(task).then(
    (score) => process.send?.({ score }),
    (thrown: Error) => process.send?.({ failure: `${thrown.name}: ${thrown.message}`.slice(0, 500) }),
  );
});
