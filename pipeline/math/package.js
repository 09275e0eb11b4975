// The TeX package `post`: what posts write beyond MathJax's own packages, and the
// numbers of a post. Loaded after MathJax, before driver.js.
(() => {
  const input = MathJax._.input.tex;
  const {Configuration} = input.Configuration;
  const {CommandMap, EnvironmentMap} = input.SymbolMap;
  const {Label} = input.Tags;
  const {AmsTags} = input.ams.AmsConfiguration;
  const {BeginItem} = input.base.BaseItems;
  const TexError = input.TexError.default;
  const ParseMethods = input.ParseMethods.default;
  const UNNUMBERED = '???';  // what MathJax calls a label whose formula has no number

  const isNumbered = (label) => label !== undefined && label.tag !== UNNUMBERED;

  // 1 → a, 26 → z, 27 → aa
  const letters = (part) =>
    String.fromCharCode(97 + (part - 1) % 26).repeat(Math.ceil(part / 26));

  // The labels of the formulas so far. A name that none of them has is looked up
  // again when all are known; only then is it the writer's mistake.
  const labelsOf = (tags) => new Proxy(Object.create(null), {
    get(labels, name) {
      if (isNumbered(labels[name])) return labels[name];
      if (tags.refUpdate) {
        throw new TexError('UnknownLabel', 'No numbered formula has \\label{%1}', name);
      }
      return undefined;
    },
  });

  // A constructor of the old kind: mathtools calls it without `new` to extend it.
  function PostTags() {
    return AmsTags.call(this) || this;
  }

  const inherited = AmsTags.prototype;
  PostTags.prototype = Object.assign(Object.create(inherited), {
    constructor: PostTags,

    reset(offset) {
      inherited.reset.call(this, offset);
      this.allLabels = labelsOf(this);
    },

    startEquation(item) {
      inherited.startEquation.call(this, item);
      this.part = 0;  // the last equation of subequations that has a number
      this.inParts = false;
    },

    autoTag() {
      if (!this.inParts) {
        inherited.autoTag.call(this);
      } else if (this.currentTag.tag == null) {
        this.part += 1;
        this.tag(this.counter + letters(this.part), false);
      }
    },

    startParts() {
      this.start('subequations', false, false);
      this.counter += 1;
      this.part = 0;
      this.inParts = true;
    },

    endParts() {
      if (this.label) {
        this.labels[this.label] = new Label(String(this.counter), '');
      }
      this.end();
      this.inParts = false;
    },

    // A formula that failed leaves no number and no label behind.
    takeBack(counter) {
      this.allCounter = counter;
      Object.keys(this.labels).forEach((name) => delete this.allLabels[name]);
    },
  });

  class PartsItem extends BeginItem {
    get kind() { return 'parts'; }

    checkItem(item) {
      const checked = super.checkItem(item);
      if (item.isKind('end')) this.factory.configuration.tags.endParts();
      return checked;
    }

    // Each equation of subequations may begin a structure of its own.
    Push(...nodes) {
      delete this.global.eqnenv;
      super.Push(...nodes);
    }
  }

  const methods = {
    // \require{…}: the packages that we have are all loaded.
    Require(parser, name) {
      parser.GetArgument(name);
    },

    Parts(parser, begin) {
      parser.tags.startParts();
      return parser.itemFactory.create('parts').setProperties({name: begin.getName()});
    },

    // \begin{math}, \begin{displaymath}: the same as what stands in them.
    Plain(parser, begin) {
      return begin;
    },
  };

  new CommandMap('post-commands', {
    require: 'Require',
    bm: ['Macro', '\\boldsymbol{#1}', 1],
  }, {...methods, Macro: input.base.BaseMethods.default.Macro});
  new EnvironmentMap('post-environments', ParseMethods.environment, {
    subequations: ['Parts', null],
    math: ['Plain', null],
    displaymath: ['Plain', null],
  }, methods);
  Configuration.create('post', {
    handler: {macro: ['post-commands'], environment: ['post-environments']},
    items: {parts: PartsItem},
    tags: {post: PostTags},
  });
})();
