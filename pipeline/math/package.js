// The TeX package `post`: what posts write beyond MathJax's own packages, and the
// numbers of a post. Loaded after MathJax, before driver.js.
(() => {
  const input = MathJax._.input.tex;
  const {Configuration} = input.Configuration;
  const {CommandMap, EnvironmentMap, MacroMap} = input.SymbolMap;
  const {Label} = input.Tags;
  const {CasesTags} = input.cases.CasesConfiguration;
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
    return CasesTags.call(this) || this;
  }

  const inherited = CasesTags.prototype;
  PostTags.prototype = Object.assign(Object.create(inherited), {
    constructor: PostTags,

    reset(offset) {
      inherited.reset.call(this, offset);
      this.allLabels = labelsOf(this);
    },

    startEquation(item) {
      inherited.startEquation.call(this, item);
      this.labels = Object.create(null);  // a label may be called `constructor`
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

  const isOneLine = (node) => node.childNodes.length === 1
    && node.childNodes[0].isKind('mlabeledtr') && node.childNodes[0].childNodes.length === 2;

  // A table of a row for each table in `nodes`, and for what stands between two.
  function stacked(nodes, factory) {
    const rows = [];
    let between = [];
    const add = (kind, cells) => rows.push(factory.create('node', kind, cells));
    const addCell = (content) => add('mtr', [factory.create('node', 'mtd', content)]);
    nodes.forEach((node) => {
      if (!node.isKind('mtable')) {
        between.push(node);
        return;
      }
      if (between.length > 0) addCell(between);
      between = [];
      if (isOneLine(node)) rows.push(node.childNodes[0]);
      else addCell([node]);
    });
    if (between.length > 0) addCell(between);
    return factory.create('node', 'mtable', rows, {displaystyle: true, rowspacing: '.5em'});
  }

  class PartsItem extends BeginItem {
    get kind() { return 'parts'; }

    checkItem(item) {
      const checked = super.checkItem(item);
      if (item.isKind('end')) this.factory.configuration.tags.endParts();
      return checked;
    }

    // Several equations stand below each other, with their numbers.
    toMml() {
      if (this.nodes.filter((node) => node.isKind('mtable')).length > 1) {
        const table = stacked(this.nodes, this.factory.configuration.nodeFactory);
        this.Clear();
        this.Push(table);
      }
      return super.toMml();
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

    // \text{train_loss 90%}: what MathJax takes as it stands, unlike LaTeX.
    Verbatim(parser, character) {
      parser.text += character;
    },

    // \begin{math}, \begin{displaymath}: the same as what stands in them.
    Plain(parser, begin) {
      return begin;
    },
  };

  const asText = (tex) => ['Macro', tex];
  new CommandMap('post-commands', {
    require: 'Require',
    bm: ['Macro', '\\boldsymbol{#1}', 1],
    pmb: ['Macro', '\\boldsymbol{#1}', 1],  // MathJax prints it twice, and so it reads
    mathds: ['Macro', '\\mathbb{#1}', 1],
    slashed: ['Macro', '{\\rlap{\\kern.1em/}#1}', 1],
    gdef: 'Def',
    // Names of KaTeX, which many Hugo sites use.
    N: asText('\\mathbb{N}'),
    R: asText('\\mathbb{R}'),
    Z: asText('\\mathbb{Z}'),
    argmax: asText('\\operatorname*{arg\\,max}'),
    argmin: asText('\\operatorname*{arg\\,min}'),
    bold: ['Macro', '\\mathbf{#1}', 1],
    Complex: asText('\\mathbb{C}'),
    Reals: asText('\\mathbb{R}'),
    reals: asText('\\mathbb{R}'),
    natnums: asText('\\mathbb{N}'),
    empty: asText('\\emptyset'),
    lang: asText('\\langle'),
    rang: asText('\\rangle'),
    plim: asText('\\operatorname*{plim}'),
    sdot: asText('\\cdot'),
    sout: ['Macro', '\\enclose{horizontalstrike}{#1}', 1],
    infin: asText('\\infty'),
    llbracket: asText('\\mathopen{\u27E6}'),
    rrbracket: asText('\\mathclose{\u27E7}'),
  }, {
    ...methods,
    Macro: input.base.BaseMethods.default.Macro,
    Def: input.newcommand.NewcommandMethods.default.MacroDef,
  });
  new MacroMap('post-text', {
    '_': 'Verbatim', '^': 'Verbatim', '&': 'Verbatim', '#': 'Verbatim', '%': 'Verbatim',
  }, methods);
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
  Configuration.create('post-text', {
    parser: 'text',
    handler: {character: ['post-text']},
    priority: 1,  // before text-base
  });
})();
