(* A mixture with means L_j theta, any matrices L_j, on N(0, I_d): its divergence, its gradient, its rays. *)
From EM Require Import Prelude NormalLine NormalVector Vectors Expectation Contraction Posteriors Tilting Likelihood Densities Tying.

Section positive.
Variables (R : realType) (d k : nat) (m : 'I_k -> 'cV[R]_d) (v : 'I_k -> R).
Hypothesis v_gt0 : forall j, 0 < v j.
Hypothesis v_sum : \sum_j v j = 1.
Notation EE := (E (Eg R d)).
Notation LL := (L (Eg R d)).
Notation X := (@Xg R d).

(* a posterior has a positive mean: 1/z >= 2/b - z/b^2 with b = E z *)
Lemma E_vpost_gt0 j : 0 < EE (fun t => vpost m v (X t) j).
Proof.
pose z t := \sum_l v l / v j * expR (dot (X t) (m l - m j)).
have z0 t : 0 < z t.
  rewrite /z (bigD1 j)//= ltr_pwDl ?sumr_ge0//; first by rewrite mulr_gt0 ?expR_gt0// divr_gt0.
  by move=> l _; rewrite mulr_ge0 ?expR_ge0// divr_ge0// ltW.
have ez t : vpost m v (X t) j = (z t)^-1.
  have -> : z t = (\sum_l v l * expR (dot (X t) (m l))) / (v j * expR (dot (X t) (m j))).
    rewrite mulr_suml; apply: eq_bigr => l _; rewrite dotBr expRD expRN invfM; ring.
  rewrite invf_div /vpost /post; congr (_ * expR (dot _ _) / _); first exact: to_meanE.
  by apply: eq_bigr => l _; rewrite to_meanE.
have lz : LL z by apply: L_sum => l; apply: L_scale; exact: L_exp.
pose b := \sum_l v l / v j * expR (dot (m l - m j) (m l - m j) / 2).
have Ez : EE z = b.
  by rewrite E_sum; [apply: eq_bigr => l _; rewrite E_scale ?E_exp//; exact: L_exp|move=> l; apply: L_scale; exact: L_exp].
have b0 : 0 < b.
  rewrite /b (bigD1 j)//= ltr_pwDl ?sumr_ge0//; first by rewrite mulr_gt0 ?expR_gt0// divr_gt0.
  by move=> l _; rewrite mulr_ge0 ?expR_ge0// divr_ge0// ltW.
have tangent t : 2 / b + - (b ^+ 2)^-1 * z t <= vpost m v (X t) j.
  rewrite ez -subr_ge0.
  have -> : (z t)^-1 - (2 / b + - (b ^+ 2)^-1 * z t) = (b - z t) ^+ 2 / (z t * b ^+ 2).
    by field; rewrite !gt_eqF.
  by rewrite divr_ge0 ?sqr_ge0// mulr_ge0 ?sqr_ge0// ltW.
have l2 : LL (fun t => - (b ^+ 2)^-1 * z t) by exact: L_scale.
have := E_mono (L_add (L_cst (Eg R d) (2 / b)) l2) (L_post (to_mean m) v_gt0 v_sum (@ones R d) j) tangent.
rewrite E_add//; last exact: L_cst.
rewrite E_cst E_scale// Ez; apply: lt_le_trans.
have -> : 2 / b + - (b ^+ 2)^-1 * b = b^-1 by field; rewrite gt_eqF.
by rewrite invr_gt0.
Qed.

Lemma spent_ge0 : 0 <= spent m v.
Proof.
apply: E_ge0; first exact: L_spent.
by move=> t; apply: sumr_ge0 => j _; rewrite mulr_ge0 ?dot_ge0//; exact: vpost_ge0.
Qed.

Lemma spent_gt0 j : m j != 0 -> 0 < spent m v.
Proof.
move=> mj; have q0 : 0 < dot (m j) (m j) by rewrite lt_def dot_ge0 dot_eq0 mj.
have lj := L_post (to_mean m) v_gt0 v_sum (@ones R d) j.
apply: lt_le_trans (mulr_gt0 q0 (E_vpost_gt0 j)) _; rewrite -E_scale//.
apply: E_mono; [exact: L_scale|exact: L_spent|].
move=> t; rewrite (bigD1 j)//= mulrC lerDl; apply: sumr_ge0 => l _.
by rewrite mulr_ge0 ?dot_ge0//; exact: vpost_ge0.
Qed.

End positive.

Lemma adjoint (R : realType) (d q : nat) (Q : 'M[R]_(d, q)) x y : dot x (Q *m y) = dot (Q^T *m x) y.
Proof. by rewrite !dotE trmx_mul trmxK mulmxA. Qed.

Section tied.
Variables (R : realType) (d q k : nat) (L : 'I_k -> 'M[R]_(d, q)) (w : 'I_k -> R).
Hypothesis w_gt0 : forall j, 0 < w j.
Hypothesis w_sum : \sum_j w j = 1.
Notation EE := (E (Eg R d)).
Notation LL := (Expectation.L (Eg R d)).
Notation X := (@Xg R d).

Definition tied_density (theta : 'cV[R]_q) (x : 'cV[R]_d) : R := \sum_j w j * gauss_density (x - L j *m theta).
Definition tied_post (theta : 'cV[R]_q) (x : 'cV[R]_d) (j : 'I_k) : R :=
  w j * gauss_density (x - L j *m theta) / tied_density theta x.
Definition tied_kl (theta : 'cV[R]_q) : R := EE (fun t => ln (gauss_density (X t) / tied_density theta (X t))).
Definition tied_gradient (theta : 'cV[R]_q) : 'cV[R]_q :=
  Emx (Eg R d) (fun t => \sum_j tied_post theta (X t) j *: ((L j)^T *m (L j *m theta - X t))).

Section at_theta.
Variable theta : 'cV[R]_q.
Let m j := L j *m theta.
Let raw j := w j * expR (- (dot (m j) (m j) / 2)).
Let Z := \sum_j raw j.
Let v j := raw j / Z.

Let raw_gt0 j : 0 < raw j. Proof. by rewrite mulr_gt0 ?expR_gt0. Qed.

Let Z_gt0 : 0 < Z.
Proof.
rewrite /Z; case: k w w_sum raw raw_gt0 => [|k'] w' w1 r r0.
  by move: w1; rewrite big_ord0 => /eqP; rewrite eq_sym oner_eq0.
by rewrite big_ord_recl ltr_wpDr// sumr_ge0// => i _; exact: ltW.
Qed.

Let v_gt0 j : 0 < v j. Proof. by rewrite divr_gt0. Qed.
Let v_sum : \sum_j v j = 1. Proof. by rewrite -mulr_suml divff// gt_eqF. Qed.

(* sum_j w_j e^(<x, m_j> - |m_j|^2/2): the density over that of N(0, I) *)
Definition ratio (x : 'cV[R]_d) : R := \sum_j w j * expR (dot x (L j *m theta) - dot (L j *m theta) (L j *m theta) / 2).

Let shifted_mean x j : gauss_density (x - m j) = gauss_density x * expR (dot x (m j) - dot (m j) (m j) / 2).
Proof.
rewrite !gauss_densityE -!mulrA -!expRD; congr (_ * expR _).
by rewrite dotBl !dotBr [dot (m j) x]dotC; move: (dot x x) (dot (m j) (m j)) (dot x _) => a b c; field.
Qed.

Let densityE x : tied_density theta x = gauss_density x * ratio x.
Proof. by rewrite /ratio mulr_sumr; apply: eq_bigr => j _; rewrite shifted_mean mulrCA. Qed.

Let rawE x j : w j * expR (dot x (m j) - dot (m j) (m j) / 2) = raw j * expR (dot x (m j)).
Proof. by rewrite addrC expRD mulrA. Qed.

Let ratioE x : ratio x = Z * partition (to_mean m) v (@ones R d) x.
Proof.
rewrite /ratio /partition mulr_sumr; apply: eq_bigr => j _; rewrite rawE to_meanE /v mulrA.
by rewrite [Z * _]mulrC divfK// gt_eqF.
Qed.

Lemma ratio_gt0 x : 0 < ratio x.
Proof. by rewrite ratioE mulr_gt0//; exact: partition_gt0. Qed.

Lemma tied_postE x j : tied_post theta x j = vpost m v x j.
Proof.
rewrite /tied_post densityE shifted_mean mulrCA -mulf_div divff ?mul1r; last by rewrite gt_eqF// gauss_density_gt0.
rewrite ratioE rawE /vpost /post -/(partition _ _ _ _) to_meanE /v.
by rewrite invfM; ring.
Qed.

Lemma tied_post_ratio x j :
  tied_post theta x j = w j * expR (dot x (L j *m theta) - dot (L j *m theta) (L j *m theta) / 2) / ratio x.
Proof. by rewrite tied_postE /vpost /post -/(partition _ _ _ _) to_meanE ratioE rawE /v invfM; ring. Qed.

Lemma tied_post_ge0 x j : 0 <= tied_post theta x j.
Proof. by rewrite tied_postE; exact: vpost_ge0. Qed.

Lemma tied_post_sum x : \sum_j tied_post theta x j = 1.
Proof. by rewrite (eq_bigr _ (fun j _ => tied_postE x j)); exact: vpost_sum. Qed.

Lemma L_ln_ratio : LL (fun t => ln (ratio (X t))).
Proof.
have l := L_ln_partition (to_mean m) v_gt0 v_sum (@ones R d).
apply: (@L_ext _ _ (Eg R d) _ _ _ (L_add (L_cst (Eg R d) (ln Z)) l)) => t.
by rewrite ratioE lnM// posrE// partition_gt0.
Qed.

Lemma tied_klE : tied_kl theta = - EE (fun t => ln (ratio (X t))).
Proof.
have e t : ln (gauss_density (X t) / tied_density theta (X t)) = -1 * ln (ratio (X t)).
  have g0 := gauss_density_gt0 (X t).
  rewrite densityE invfM mulrA divff ?gt_eqF// mul1r mulN1r lnV// posrE; exact: ratio_gt0.
by rewrite /tied_kl (E_ext _ e) E_scale ?mulN1r//; exact: L_ln_ratio.
Qed.

(* the posteriors, their mean m and its square: <theta, grad KL> = E|m|^2 *)
Lemma L_tied_post j : LL (fun t => tied_post theta (X t) j).
Proof. by apply: (@L_ext _ _ (Eg R d) _ _ _ (L_post (to_mean m) v_gt0 v_sum (@ones R d) j)) => t; rewrite tied_postE. Qed.

Lemma tied_gradient_dot (h : 'cV[R]_q) :
  LL (fun t => \sum_j tied_post theta (X t) j * dot (m j - X t) (L j *m h)) /\
  dot (tied_gradient theta) h = EE (fun t => \sum_j tied_post theta (X t) j * dot (m j - X t) (L j *m h)).
Proof.
have e t : \sum_j tied_post theta (X t) j * dot (m j - X t) (L j *m h) =
    \sum_a h a 0 * (\sum_j tied_post theta (X t) j *: ((L j)^T *m (m j - X t))) a 0.
  under [RHS]eq_bigr do rewrite summxE mulr_sumr.
  rewrite [RHS]exchange_big/=; apply: eq_bigr => j _.
  rewrite adjoint /dot mulr_sumr; apply: eq_bigr => a _.
  by rewrite [X in _ = _ * X]mxE; ring.
have lxp j a : LL (fun t => tied_post theta (X t) j * (m j - X t) a 0).
  apply: (@L_ext _ _ (Eg R d) (fun t => m j a 0 * tied_post theta (X t) j + -1 * (X t a 0 * vpost m v (X t) j))).
    by move=> t; rewrite -tied_postE !mxE; ring.
  by apply: L_add; apply: L_scale; [exact: L_tied_post|exact: L_Xpost].
have l0 a : LL (fun t => (\sum_j tied_post theta (X t) j *: ((L j)^T *m (m j - X t))) a 0).
  apply: (@L_ext _ _ (Eg R d) (fun t => \sum_j \sum_c (L j)^T a c * (tied_post theta (X t) j * (m j - X t) c 0))).
    move=> t; rewrite summxE; apply: eq_bigr => j _.
    rewrite [RHS]mxE [X in _ = _ * X]mxE mulr_sumr; apply: eq_bigr => c _; ring.
  by apply: L_sum => j; apply: L_sum => c; exact: L_scale.
have l a : LL (fun t => h a 0 * (\sum_j tied_post theta (X t) j *: ((L j)^T *m (m j - X t))) a 0) by exact: L_scale.
split; first by apply: (@L_ext _ _ (Eg R d) _ _ _ (L_sum l)) => t; rewrite e.
rewrite (E_ext _ e) E_sum// dotC; apply: eq_bigr => a _.
by rewrite mxE E_scale.
Qed.

Definition tied_mean (x : 'cV[R]_d) : 'cV[R]_d := \sum_j tied_post theta x j *: (L j *m theta).

Let tied_meanE x : tied_mean x = vmean m v x.
Proof. by apply: eq_bigr => j _; rewrite tied_postE. Qed.

Definition tied_spent : R := EE (fun t => \sum_j tied_post theta (X t) j * dot (L j *m theta) (L j *m theta)).

Let tied_spentE : tied_spent = spent m v.
Proof. by apply: E_ext => t; apply: eq_bigr => j _; rewrite tied_postE. Qed.

Theorem tied_identity :
  dot theta (tied_gradient theta) = EE (fun t => dot (tied_mean (X t)) (tied_mean (X t))).
Proof.
have [l0 l1] := tied_gradient_dot theta; rewrite dotC l1.
have [lV eV] := stein_vmean m v_gt0 v_sum.
have e t : \sum_j tied_post theta (X t) j * dot (m j - X t) (L j *m theta) =
    \sum_j vpost m v (X t) j * dot (m j) (m j) - dot (X t) (vmean m v (X t)).
  rewrite dot_vmean -sumrB; apply: eq_bigr => j _; by rewrite tied_postE dotBl mulrBr.
rewrite (E_ext _ e) E_sub//; last exact: L_spent.
rewrite eV -/(spent m v) opprB addrC subrK /kept; apply: E_ext => t; by rewrite tied_meanE.
Qed.

(* where a projection P with trace at most D keeps all differences of means *)
Theorem tied_lower (P : 'M[R]_d) (D : R) : P^T = P -> P *m P = P ->
  (forall i j, P *m (L i *m theta - L j *m theta) = L i *m theta - L j *m theta) -> 0 < D -> \tr P <= D ->
  tied_spent ^+ 2 <= (D + 2 * tied_spent) * dot theta (tied_gradient theta).
Proof.
move=> P1 P2 P3 D0 D1; have := kept_lower v_gt0 v_sum P1 P2 P3 D0 D1.
rewrite tied_identity tied_spentE /kept.
by rewrite (E_ext _ (fun t => congr1 (fun z => dot z z) (tied_meanE (X t)))).
Qed.

Theorem tied_spent_gt0 j : L j *m theta != 0 -> 0 < tied_spent.
Proof. by rewrite tied_spentE; exact: spent_gt0. Qed.

Theorem tied_outward j : L j *m theta != 0 -> 0 < dot theta (tied_gradient theta).
Proof.
move=> mj; have S0 := tied_spent_gt0 mj.
have D0 : 0 < (d%:R + 1 : R) by rewrite ltr_wpDl// ler0n.
have := @tied_lower 1%:M (d%:R + 1); rewrite trmx1 mulmx1 mxtrace1 => h.
have {h} := h erefl erefl (fun i j => mul1mx _) D0 _; rewrite lerDl => /(_ ler01) h.
have D1 : 0 < d%:R + 1 + 2 * tied_spent by rewrite addr_gt0// mulr_gt0.
by rewrite -(pmulr_rgt0 _ D1); apply: lt_le_trans h; rewrite exprn_gt0.
Qed.

End at_theta.
End tied.
