"""As `vetted`: libraries for statistics, plots and models."""

MODULES = """
sympy
  symbolic *
  pure Symbol symbols Dummy Wild Function MatrixSymbol IndexedBase Idx init_printing pi E I oo
  unknown sympify parse_expr parsing lambdify preview utilities.codegen utilities.autowrap \
autowrap ufuncify S simplify.sympify core.sympify plotting.textplot testing codegen \
utilities.lambdify printing.preview utilities.runtests test doctest external utilities.source \
utilities.mathml interactive.session init_session var core.cache utilities.exceptions
plotnine
  unknown *
  pure ggplot geom_* stat_* scale_* theme* coord_* labs ggtitle xlab ylab xlim ylim lims element_* \
guide* position_* annotate arrow watermark expand_limits
  symbolic aes after_stat after_scale stage facet_* qplot
  writes ggsave save_as_pdf_pages
numba
  unknown *
  signature jit njit vectorize guvectorize generated_jit objmode
  pure prange typed types set_num_threads get_num_threads void boolean intp int8 int16 int32 int64 \
uint8 uint16 uint32 uint64 float32 float64 complex64 complex128 typeof __version__
  unknown types.common types.functions
arviz
  unknown *
  pure plot_* summary hdi r2_score loo waic compare ess rhat mcse concat extract from_dict \
from_pymc \
from_pymc3 InferenceData
  contacts load_arviz_data
  reads from_netcdf from_json from_cmdstan
hyperopt
  unknown *
  pure hp tpe rand space_eval Trials STATUS_OK STATUS_FAIL fmin
lifelines
  unknown *
  pure KaplanMeierFitter CoxPHFitter NelsonAalenFitter AalenAdditiveFitter WeibullFitter \
WeibullAFTFitter LogNormalAFTFitter LogLogisticAFTFitter ExponentialFitter statistics plotting \
CoxTimeVaryingFitter
gym gymnasium
  unknown *
  plainly make
  pure spaces Env Wrapper ObservationWrapper RewardWrapper ActionWrapper wrappers.* \
vector.SyncVectorEnv envs.registry
  writes wrappers.RecordVideo wrappers.Monitor wrappers.monitoring
transformers
  unknown *
  pure Auto* TFAuto* Bert* TFBert* Roberta* TFRoberta* DistilBert* TFDistilBert* GPT2* TFGPT2* T5* \
DataCollator* set_seed get_linear_schedule_with_warmup get_cosine_schedule_with_warmup \
default_data_collator PreTrained* EvalPrediction EarlyStoppingCallback ViT* Whisper* CLIP*
  contacts pipeline Trainer pipelines
  writes TrainingArguments Trainer Seq2SeqTrainer Seq2SeqTrainingArguments
imblearn
  unknown *
  pure over_sampling under_sampling combine ensemble pipeline metrics
mlxtend
  unknown *
  pure plotting frequent_patterns preprocessing classifier regressor feature_selection evaluate
category_encoders albumentations torchmetrics feature_engine
  unknown *
  pure ^
umap hdbscan kmodes
  unknown *
  pure UMAP HDBSCAN kmodes.KModes kprototypes.KPrototypes
shap
  unknown *
  displays initjs force_plot plots.force plots.text text_plot getjs
  pure Explainer TreeExplainer KernelExplainer DeepExplainer LinearExplainer GradientExplainer \
PermutationExplainer sample kmeans summary_plot dependence_plot bar_plot decision_plot \
waterfall_plot plots.bar plots.beeswarm plots.scatter plots.waterfall plots.heatmap plots.violin \
links maskers Explanation explainers
lime
  unknown *
  pure lime_tabular lime_text.LimeTextExplainer lime_image
wordcloud
  unknown *
  pure WordCloud STOPWORDS ImageColorGenerator get_single_color_func
missingno
  unknown *
  pure matrix bar heatmap dendrogram
yellowbrick
  unknown *
  pure classifier regressor cluster model_selection features target
adjustText
  unknown *
  pure adjust_text
joypy calmap july ptitprince pywaffle
  unknown *
  pure joyplot yearplot calendarplot heatmap RainCloud half_violinplot Waffle
matplotlib_venn upsetplot mplfinance
  unknown *
  pure venn2 venn3 venn2_circles venn3_circles UpSet plot from_contents from_memberships \
make_addplot
mpmath
  unknown *
  pure mp mpf mpc pi e sqrt sin cos tan exp log gamma zeta quad diff findroot matrix nstr workdps
  unknown mp.identify mp.findpoly mp.plot
einops
  unknown *
  pure rearrange reduce repeat einsum asnumpy pack unpack layers
faiss
  unknown *
  pure IndexFlatL2 IndexFlatIP IndexIVFFlat normalize_L2
pint uncertainties
  unknown *
  pure UnitRegistry ufloat ufloat_fromstr umath unumpy
simpy
  unknown *
  pure Environment Resource Store Container PriorityResource Event Interrupt
textblob nltk_textblob
  unknown *
  pure TextBlob Word
torchinfo torchsummary
  unknown *
  pure summary
scikitplot
  unknown *
  pure metrics estimators cluster decomposition
pmdarima
  unknown *
  pure auto_arima ARIMA arima model_selection
pymc pymc3
  unknown *
  starts sample sample_*
  pure Model Normal HalfNormal TruncatedNormal Uniform DiscreteUniform Beta Gamma InverseGamma \
Binomial Bernoulli Poisson Exponential HalfCauchy Cauchy StudentT HalfStudentT MvNormal Dirichlet \
Categorical Multinomial Deterministic Potential Data MutableData math LKJCholeskyCov \
NegativeBinomial
cvxpy
  unknown *
  pure Variable Parameter Problem Minimize Maximize sum sum_squares norm norm1 norm2 quad_form abs \
square log exp max min multiply trace pos hstack vstack
umap.umap_ sklearnex sklearn_pandas
  unknown *
  pure UMAP DataFrameMapper
tensorflow_probability
  unknown *
  pure distributions bijectors math stats layers optimizer
tensorflow_addons
  unknown *
  pure layers losses metrics optimizers activations rnn seq2seq text
gpytorch
  unknown *
  pure models means kernels distributions likelihoods mlls constraints settings priors
chex haiku flax
  unknown *
  pure linen nnx struct assert_* dataclass Array Linear Sequential transform without_apply_rng \
Module
patsy
  unknown *
  formula dmatrix dmatrices incr_dbuilder incr_dbuilders
  pure build_design_matrices bs cr cc te DesignInfo Treatment Sum Poly Helmert Diff
scikit_posthocs pingouin
  unknown *
  pure posthoc_dunn posthoc_tukey posthoc_nemenyi_friedman ttest anova corr pairwise_corr \
pairwise_tests mixed_anova rm_anova normality homoscedasticity mwu wilcoxon kruskal power_ttest
vaderSentiment
  unknown *
  pure vaderSentiment.SentimentIntensityAnalyzer
surprise
  unknown *
  pure SVD SVDpp KNNBasic KNNWithMeans NMF BaselineOnly accuracy model_selection
textstat pyphen
  unknown *
  pure flesch_reading_ease flesch_kincaid_grade gunning_fog lexicon_count syllable_count \
sentence_count
pandas_ta ta talib
  unknown *
  pure sma ema rsi macd bbands SMA EMA RSI MACD BBANDS ATR trend momentum volatility volume
ruptures stumpy
  unknown *
  pure Pelt Binseg Window Dynp KernelCPD stump mass motifs gpu_stump
skopt
  unknown *
  pure gp_minimize forest_minimize dummy_minimize BayesSearchCV space
community python_louvain
  unknown *
  pure best_partition modularity
emcee corner
  unknown *
  pure EnsembleSampler corner
pandera
  unknown *
  pure Column Check DataFrameSchema Index SchemaModel DataFrameModel Field
linearmodels
  unknown *
  pure ^
  pure panel.PanelOLS panel.RandomEffects panel.PooledOLS iv.IV2SLS
filterpy
  unknown *
  pure kalman common.Q_discrete_white_noise
seqeval
  unknown *
  pure metrics
pyro numpyro
  unknown *
  pure distributions sample plate param deterministic factor handlers infer optim \
clear_param_store \
set_rng_seed
anytree arch bambi blackjax boltons botorch box calplot causalml cma colorspacious colour control \
darts dask_ml deap distrax dowhy econml empyrical esda factor_analyzer ftfy fuzzy galois glom glum \
gluonts hmmlearn imbalanced_ensemble imgaug iminuit implicit inflect isoduration janitor \
karateclub kornia libpysal lifetimes lightfm littleballoffur mahotas mapclassify mizani munch \
networkit ortools pennylane pgmpy pointpats pomegranate pydash pygad pykalman pyod pypfopt \
pyswarms pytensor pyts qiskit rdkit rouge_score salabim scikit_learn seaborn_image skforecast \
skfuzzy sktime statannotations statsforecast tbats tensorflow_decision_forests tensorflow_text \
tensorly ternary tf_keras tsfresh tslearn typeguard venn xlogit zict
  unknown *
"""
