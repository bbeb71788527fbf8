(* From densities to the operator: posteriors by Bayes' rule, the Kullback-Leibler divergence, EM's surrogate Q. *)
From EM Require Import Prelude NormalLine NormalVector Vectors Expectation Contraction Posteriors Likelihood.

Section densities.
Variables (R : realType) (d k : nat).
Variables (U : 'I_k -> 'M[R]_d) (w : 'I_k -> R).
Hypothesis U_orth : forall j, (U j)^T *m U j = 1%:M.
Hypothesis w_gt0 : forall j, 0 < w j.
Hypothesis w_sum : \sum_j w j = 1.
Notation EE := (E (Eg R d)).
Notation LL := (L (Eg R d)).
Notation X := (@Xg R d).
Notation M := (em_map U w X (Eg R d)).

(* the density of N(mu, I_d) at x is gauss_density (x - mu) *)
Definition gauss_density (x : 'cV[R]_d) : R := \prod_i normal_pdf 0 1 (x i 0).
Definition mixture_density (theta x : 'cV[R]_d) : R := \sum_j w j * gauss_density (x - U j *m theta).

(* KL(N(0, I_d) || p_theta) *)
Definition kl (theta : 'cV[R]_d) : R := EE (fun t => ln (gauss_density (X t) / mixture_density theta (X t))).

(* the expected log-likelihood of the complete data at theta', with posteriors at theta *)
Definition surrogate (theta theta' : 'cV[R]_d) : R :=
  EE (fun t => \sum_j post U w theta (X t) j * ln (w j * gauss_density (X t - U j *m theta'))).

Let C : R := normal_pdf 0 1 0 ^+ d.

Let C_gt0 : 0 < C.
Proof. by rewrite exprn_gt0// phiE mulr0 mulr0 expR0 mulr1 invr_gt0 sqrtr_gt0 mulrn_wgt0// pi_gt0. Qed.

Lemma gauss_densityE x : gauss_density x = C * expR (- (dot x x / 2)).
Proof.
have e (s : R) : normal_pdf 0 1 s = normal_pdf 0 1 0 * expR (- (s * s / 2)).
  by rewrite !phiE !mulr0 expR0 mulr1; congr (_ * expR _); rewrite mulNr mulrC.
rewrite /gauss_density (eq_bigr _ (fun i _ => e (x i 0))) big_split/= prodr_const card_ord -/C.
by congr (_ * _); rewrite /dot mulr_suml -sumrN (big_morph expR (@expRD R) (@expR0 R)).
Qed.

Lemma gauss_density_gt0 x : 0 < gauss_density x.
Proof. by rewrite gauss_densityE mulr_gt0// expR_gt0. Qed.

Lemma shifted x j theta : gauss_density (x - U j *m theta) =
  gauss_density x * expR (- (dot theta theta / 2)) * expR (dot x (U j *m theta)).
Proof.
rewrite !gauss_densityE -!mulrA -!expRD; congr (_ * expR _).
rewrite dotBl !dotBr dot_U// [dot (U j *m theta) x]dotC.
by move: (dot x x) (dot theta theta) (dot x _) => a b c; field.
Qed.

Lemma mixture_densityE theta x : mixture_density theta x =
  gauss_density x * expR (- (dot theta theta / 2)) * partition U w theta x.
Proof.
rewrite /mixture_density /partition mulr_sumr; apply: eq_bigr => j _.
by rewrite shifted mulrCA.
Qed.

(* the posteriors are those of Bayes' rule *)
Theorem posterior_bayes theta x j :
  post U w theta x j = w j * gauss_density (x - U j *m theta) / mixture_density theta x.
Proof.
rewrite shifted mixture_densityE mulrCA invfM mulrACA divff ?mul1r; last first.
  by rewrite gt_eqF// mulr_gt0 ?gauss_density_gt0 ?expR_gt0.
by [].
Qed.

Theorem kl_loss theta : kl theta = loss U w theta.
Proof.
have P0 := partition_gt0 U w_gt0 w_sum theta.
have e t : ln (gauss_density (X t) / mixture_density theta (X t)) =
    dot theta theta / 2 - ln (partition U w theta (X t)).
  have g0 := gauss_density_gt0 (X t).
  rewrite mixture_densityE !invfM !mulrA divff ?mul1r ?gt_eqF// -expRN opprK.
  by rewrite lnM ?posrE ?expR_gt0 ?invr_gt0// expRK lnV ?posrE.
rewrite /kl (E_ext _ e) E_sub ?E_cst//; first exact: L_cst.
exact: L_ln_partition.
Qed.

(* what one observation adds to the log-likelihood of the complete data at h *)
Lemma complete_point theta x h : \sum_j post U w theta x j * ln (w j * gauss_density (x - U j *m h)) =
  \sum_j post U w theta x j * ln (w j) + ln C - dot x x / 2 - dot h h / 2 + \sum_j post U w theta x j * dot x (U j *m h).
Proof.
have s j : post U w theta x j * ln (w j * gauss_density (x - U j *m h)) =
    post U w theta x j * ln (w j) + post U w theta x j * (ln C - dot x x / 2 - dot h h / 2) +
    post U w theta x j * dot x (U j *m h).
  rewrite shifted gauss_densityE lnM ?posrE ?mulr_gt0 ?expR_gt0//.
  rewrite !lnM ?posrE ?mulr_gt0 ?expR_gt0// !expRK.
  by move: (post _ _ _ _ _) (ln _) (ln _) (dot _ _) (dot _ _) (dot _ _) => *; ring.
rewrite (eq_bigr _ (fun j _ => s j)) !big_split/= -mulr_suml (post_sum U w_gt0 w_sum) mul1r.
by move: (\sum_j _) (\sum_j _) (ln C) (dot x x) (dot h h) => *; ring.
Qed.

(* on n + 1 points: Q, EM's map, and that it maximises Q *)
Definition sample_surrogate n (x : 'I_n.+1 -> 'cV[R]_d) (theta theta' : 'cV[R]_d) : R :=
  n.+1%:R^-1 * \sum_i \sum_j post U w theta (x i) j * ln (w j * gauss_density (x i - U j *m theta')).
Definition sample_map n (x : 'I_n.+1 -> 'cV[R]_d) (theta : 'cV[R]_d) : 'cV[R]_d :=
  n.+1%:R^-1 *: \sum_i \sum_j post U w theta (x i) j *: ((U j)^T *m x i).

Theorem sample_maximised n (x : 'I_n.+1 -> 'cV[R]_d) theta theta' : sample_surrogate x theta theta' =
  sample_surrogate x theta (sample_map x theta) -
    dot (theta' - sample_map x theta) (theta' - sample_map x theta) / 2.
Proof.
set m := sample_map x theta; have n0 : (n.+1%:R : R) != 0 by rewrite pnatr_eq0.
pose K : R := n.+1%:R^-1 * \sum_i (\sum_j post U w theta (x i) j * ln (w j) + ln C - dot (x i) (x i) / 2).
have e h : sample_surrogate x theta h = K - dot h h / 2 + dot m h.
  have mh : dot m h = n.+1%:R^-1 * \sum_i \sum_j post U w theta (x i) j * dot (x i) (U j *m h).
    rewrite /m /sample_map dotZl; congr (_ * _); rewrite dotC dot_sumr; apply: eq_bigr => i _.
    rewrite dot_sumr; apply: eq_bigr => j _; rewrite dotZr; congr (_ * _).
    by rewrite dotC !dotE trmx_mul trmxK mulmxA.
  have hh : dot h h / 2 = n.+1%:R^-1 * \sum_(i < n.+1) (dot h h / 2).
    by rewrite sumr_const card_ord -[_ / 2 *+ _]mulr_natl mulrA mulVf// mul1r.
  rewrite mh hh /K -mulrBr -mulrDr -sumrB -big_split/=; congr (_ * _); apply: eq_bigr => i _.
  exact: complete_point.
rewrite (e theta') (e m) dotBl !dotBr [dot theta' m]dotC.
by clearbody K; move: (dot theta' theta') (dot m theta') (dot m m) => *; field.
Qed.

(* M(theta) maximises Q(. | theta), and nothing else does: Q falls short by |theta' - M(theta)|^2/2 *)
Theorem surrogate_maximised theta theta' : surrogate theta theta' =
  surrogate theta (M theta) - dot (theta' - M theta) (theta' - M theta) / 2.
Proof.
have [_ e0] := em_map_dot U w_gt0 w_sum theta theta'; have [l1 e1] := em_map_dot U w_gt0 w_sum theta (M theta).
pose K t := \sum_j post U w theta (X t) j * ln (w j) + ln C - dot (X t) (X t) / 2.
have lK : LL K.
  apply: L_sub; last by apply: (@L_ext _ _ (Eg R d) (fun t => 2^-1 * dot (X t) (X t))); [move=> t; rewrite mulrC|apply: L_scale; exact: L_sqr_norm].
  apply: L_add; last exact: L_cst.
  apply: L_sum => j; apply: (@L_ext _ _ (Eg R d) (fun t => ln (w j) * post U w theta (X t) j)).
    by move=> t; rewrite mulrC.
  by apply: L_scale; exact: L_post.
have e h : surrogate theta h = EE K - dot h h / 2 + dot (M theta) h.
  have [l ->] := em_map_dot U w_gt0 w_sum theta h.
  rewrite -[dot h h / 2](E_cst (Eg R d)) -E_sub//; last exact: L_cst.
  rewrite -E_add//; last by apply: L_sub => //; exact: L_cst.
  apply: E_ext => t; rewrite /K.
  by rewrite complete_point; move: (\sum_j _) (\sum_j _) (ln C) (dot (X t) (X t)) (dot h h) => *; ring.
rewrite (e theta') (e (M theta)) dotBl !dotBr [dot theta' (M theta)]dotC.
by move: (EE K) (dot theta' theta') (dot (M theta) theta') (dot (M theta) (M theta)) => *; field.
Qed.

End densities.
