/** Remembers answers until the warehouse has changed. */

/** Answers that are kept at most; each is a result of some hundred rows. */
const KEPT = 200;

/** A cache whose entries hold for one version of the data. Questions that are asked twice at once run once. */
export class AnswerCache<Answer> {
  private readonly answers = new Map<string, Promise<Answer>>();
  private version: string | undefined;

  /**
   * The answer to a question.
   * @param version of the data; another one forgets everything
   * @param ask runs when there is no answer yet; what it fails with is not kept
   */
  get(version: string, question: string, ask: () => Promise<Answer>): Promise<Answer> {
    if (version !== this.version) this.answers.clear();
    this.version = version;
    const known = this.answers.get(question);
    if (known !== undefined) return known;
    const asked = ask();
    this.answers.set(question, asked);
    asked.catch(() => {
      if (this.answers.get(question) === asked) this.answers.delete(question);
    });
    const [oldest] = this.answers.keys();
    if (this.answers.size > KEPT && oldest !== undefined) this.answers.delete(oldest);
    return asked;
  }
}
