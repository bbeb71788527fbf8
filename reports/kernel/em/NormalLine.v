From EM Require Import Prelude.

Section improper.
Context {R : realType}.
Notation mu := (@lebesgue_measure R).

Lemma FTC2_line (F f : R -> R) :
  (forall x : R, is_derive x (1 : R) F (f x)) -> continuous f ->
  mu.-integrable setT (EFin \o f) ->
  F n%:R @[n --> \oo] --> (0 : R) -> F (- n%:R) @[n --> \oo] --> (0 : R) ->
  (\int[mu]_x (f x)%:E = 0)%E.
Proof.
move=> dF cf intf F1 F2.
have mf : measurable_fun setT (EFin \o f) by exact: measurable_int intf.
pose f_ (n : nat) := (EFin \o f) \_ `[- n%:R, n%:R].
have [||| | |_ _] := @dominated_convergence _ _ _ mu setT measurableT f_
  (EFin \o f) (abse \o (EFin \o f)).
- move=> n; apply/(measurable_restrictT _ _).1 => //; exact: measurable_funTS.
- exact: mf.
- apply: aeW => x _; rewrite /f_.
  apply: cvg_near_cst.
  near=> n; rewrite patchE ifT// inE/= in_itv/=.
  have : `|x| <= n%:R by near: n; exact: nbhs_infty_ger.
  by rewrite ler_norml.
- exact: integrable_abse.
- apply: aeW => x n _; rewrite /f_ patchE; case: ifPn => //= _.
  by rewrite normr0 lee_fin.
suff -> : [sequence (\int[mu]_(x in setT) f_ n x)%E]_n =
    (fun n => (F n%:R - F (- n%:R))%:E).
  move=> h; apply/esym; apply: (cvg_unique _ _ h) => //=.
  have -> : 0%E = (0 - 0)%:E :> \bar R by rewrite subr0.
  by apply: cvg_EFin; [exact: nearW|]; apply: cvgB.
apply/funext => n.
transitivity (\int[mu]_(x in `[(- n%:R)%R, n%:R%R]) (f x)%:E)%E.
  by rewrite [RHS]integral_mkcond.
have [->|n0] := eqVneq n 0%N.
  by rewrite oppr0 subrr set_itv1 integral_set1.
rewrite (@continuous_FTC2 _ f F)//.
- by rewrite -subr_gt0 opprK addr_gt0// ltr0n lt0n.
- exact: continuous_subspaceT.
- split.
  + by move=> x _; have [] := dF x.
  + apply: cvg_at_right_filter; apply: differentiable_continuous.
    by apply/derivable1_diffP; have [] := dF (- n%:R).
  + apply: cvg_at_left_filter; apply: differentiable_continuous.
    by apply/derivable1_diffP; have [] := dF n%:R.
- by move=> x _; rewrite derive1E; have [] := dF x.
Unshelve. all: end_near. Qed.

End improper.
Section normal.
Context {R : realType}.
Notation mu := (@lebesgue_measure R).
Notation phi := (@normal_pdf R 0 1).

Let c : R := (Num.sqrt (pi *+ 2))^-1.

Lemma phiE x : phi x = c * expR (- 2^-1 * (x * x)).
Proof.
rewrite /normal_pdf oner_eq0 subr0 expr1n mul1r; congr (_ * expR _).
by rewrite !mulNr mulrC expr2.
Qed.

Lemma phiN x : phi (- x) = phi x.
Proof. by rewrite !phiE mulrNN. Qed.

Lemma phi_ge0 x : 0 <= phi x. Proof. exact: normal_pdf_ge0. Qed.

Lemma measurable_phi : measurable_fun setT phi.
Proof. exact: measurable_normal_pdf. Qed.

Lemma continuous_phi : continuous phi.
Proof. by move=> x; apply: continuous_normal_pdf; rewrite oner_eq0. Qed.

Lemma is_derive_phi (x : R) : is_derive x (1 : R) phi (- x * phi x).
Proof.
have d1 : is_derive x (1 : R) (fun y : R => - 2^-1 * (y * y)) (- x).
  have h := is_deriveZ (- 2^-1) (is_deriveM (is_derive_id x (1:R)) (is_derive_id x (1:R))).
  apply: (@is_derive_eq _ _ _ _ _ _ _ _ h).
  rewrite /GRing.scale/= !mulr1 mulNr (_ : x + x = 2 * x) ?mulrA ?mulVf ?mul1r ?pnatr_eq0//.
  by rewrite mulr_natl mulr2n.
have d2 := is_deriveZ c (is_derive1_comp (is_derive_expR _) d1).
rewrite phiE (_ : phi = c \*: (expR \o (fun y => - 2^-1 * (y * y)))); last first.
  by apply/funext => y; rewrite phiE.
apply: (@is_derive_eq _ _ _ _ _ _ _ _ d2).
by rewrite /GRing.scale/= [RHS]mulrC mulrA.
Qed.

Lemma integrable_phi : mu.-integrable setT (EFin \o phi).
Proof.
apply/integrableP; split; first by apply/measurable_EFinP; exact: measurable_phi.
under eq_integral do rewrite /= ger0_norm ?phi_ge0//.
by rewrite integral_normal_pdf ltry.
Qed.

Lemma absx_gauss_le (x : R) :
  `|x| * expR (- 2^-1 * (x * x)) <= expR (- x ^+ 2 / (2 *+ 2)).
Proof.
have -> : 2 *+ 2 = 4 :> R by rewrite -mulr_natr -natrM.
have h : `|x| <= expR (x ^+ 2 / 4).
  apply: le_trans (expR_ge1Dx _).
  rewrite -subr_ge0 (_ : _ - _ = (`|x| / 2 - 1) ^+ 2) ?sqr_ge0//.
  rewrite sqrrB expr1n mulr1 -[(`|x| / 2) *+ 2]mulr_natr divfK ?pnatr_eq0//.
  rewrite exprMn real_normK ?num_real// exprVn -natrX.
  by rewrite [RHS]addrC addrA.
apply: le_trans (ler_wpM2r (expR_ge0 _) h) _; rewrite -expRD ler_expR.
rewrite le_eqVlt; apply/orP; left; apply/eqP.
have -> : 2^-1 = 2 / 4 :> R.
  by apply: (@mulIf _ 4); rewrite ?pnatr_eq0// divfK ?pnatr_eq0// (_ : 4 = 2 * 2) ?mulrA ?mulVf ?mul1r ?pnatr_eq0// -natrM.
rewrite -expr2 !mulNr -[2 / 4 * _]mulrA [4^-1 * _]mulrC [2 * _]mulr_natl mulr2n opprD addrA subrr sub0r.
by [].
Qed.

Lemma integrable_xphi : mu.-integrable setT (EFin \o (fun x => x * phi x)).
Proof.
pose s := Num.sqrt (2 : R).
have s0 : s != 0 by rewrite gt_eqF// sqrtr_gt0.
pose c' : R := (Num.sqrt (s ^+ 2 * pi *+ 2))^-1.
have c'0 : 0 < c'.
  by rewrite invr_gt0 sqrtr_gt0 mulrn_wgt0// mulr_gt0 ?pi_gt0// exprn_even_gt0.
apply: (@le_integrable _ _ R mu setT measurableT _ (fun x => (c / c')%:E * (normal_pdf 0 s x)%:E)%E) => //.
- by apply/measurable_EFinP; apply: measurable_funM => //; exact: measurable_phi.
- move=> x _; rewrite -EFinM !abse_EFin lee_fin.
  rewrite [X in _ <= X]ger0_norm; last first.
    by rewrite mulr_ge0 ?normal_pdf_ge0// divr_ge0 ?ltW// invr_gt0 sqrtr_gt0 mulrn_wgt0 ?pi_gt0.
  rewrite normrM (ger0_norm (phi_ge0 _)) phiE.
  rewrite /normal_pdf (negbTE s0) -/c' subr0 [leRHS]mulrA divfK ?gt_eqF//.
  rewrite mulrCA ler_wpM2l//; first by rewrite invr_ge0 sqrtr_ge0.
  rewrite sqr_sqrtr//; exact: absx_gauss_le.
- apply: integrableZl => //.
  apply/integrableP; split; first by apply/measurable_EFinP; exact: measurable_normal_pdf.
  under eq_integral do rewrite /= ger0_norm ?normal_pdf_ge0//.
  by rewrite integral_normal_pdf ltry.
Qed.

Lemma cvg_phi : phi n%:R @[n --> \oo] --> (0 : R).
Proof.
apply: (@squeeze_cvgr _ _ _ _ (cst 0) (fun n => c * 2 * harmonic n)).
- apply: nearW => n; rewrite phi_ge0/= phiE -mulrA ler_wpM2l//.
    by rewrite invr_ge0 sqrtr_ge0.
  rewrite mulNr expRN /harmonic/= -[2 as X in X * _]invrK -invfM lef_pV2 ?posrE ?expR_gt0//.
  apply: le_trans (expR_ge1Dx _).
    rewrite -[X in _ <= X + _](@mulVf _ 2) ?pnatr_eq0//.
    rewrite -mulrDr ler_pM2l ?invr_gt0// -natrM -natrD ler_nat.
    have h : (n <= n * n)%N by case: (posnP n) => [->|n0] //; exact: leq_pmulr.
    by rewrite add2n ltnS; apply: leq_trans h (leqnSn _).
- exact: cvg_cst.
- rewrite -[X in _ --> X](mulr0 (c * 2)); apply: cvgM; first exact: cvg_cst.
  exact: cvg_harmonic.
Qed.



Lemma RN_phi : ae_eq mu setT
  (Radon_Nikodym (charge_of_finite_measure (normal_prob 0 1)) mu) (EFin \o phi).
Proof.
have dom := @normal_prob_dominates R 0 1.
apply: integral_ae_eq => //.
- exact: Radon_Nikodym_integrable.
- by apply/measurable_EFinP; exact: measurable_phi.
- move=> E _ mE.
  by rewrite -Radon_Nikodym_integral.
Qed.

Lemma integral_normal_prob (f : R -> \bar R) :
  (normal_prob 0 1).-integrable setT f ->
  (\int[normal_prob 0 1]_x f x = \int[mu]_x (f x * (phi x)%:E))%E.
Proof.
move=> intf; have dom := @normal_prob_dominates R 0 1.
rewrite -(Radon_Nikodym_change_of_variables dom)//.
have mf : measurable_fun setT f := measurable_int _ intf.
apply: ae_eq_integral => //.
- apply: emeasurable_funM => //.
- by apply: emeasurable_funM => //; apply/measurable_EFinP; exact: measurable_phi.
- by move: RN_phi; apply: filterS => x /(_ I) + _ => ->.
Qed.

Lemma ge0_integral_normal_prob (f : R -> \bar R) :
  measurable_fun setT f -> (forall x, 0 <= f x)%E ->
  (\int[normal_prob 0 1]_x f x = \int[mu]_x (f x * (phi x)%:E))%E.
Proof.
move=> mf f0; have dom := @normal_prob_dominates R 0 1.
rewrite -(Radon_Nikodym_SigmaFinite.change_of_variables dom)//.
apply: ae_eq_integral => //.
- apply: emeasurable_funM => //.
  exact: measurable_int (Radon_Nikodym_SigmaFinite.f_integrable dom).
- by apply: emeasurable_funM => //; apply/measurable_EFinP; exact: measurable_phi.
- have h := ae_eq_trans (ae_eq_Radon_Nikodym_SigmaFinite dom measurableT) RN_phi.
  by move: h; apply: filterS => x /(_ I) + _ => ->.
Qed.

Lemma integrable_normal_prob (f : R -> R) : measurable_fun setT f ->
  mu.-integrable setT (fun x => (f x * phi x)%:E) ->
  (normal_prob 0 1).-integrable setT (EFin \o f).
Proof.
move=> mf /integrableP[_ h]; apply/integrableP; split; first exact/measurable_EFinP.
rewrite ge0_integral_normal_prob//; last first.
  by apply: measurableT_comp => //; exact/measurable_EFinP.
apply: le_lt_trans h; rewrite le_eqVlt; apply/orP; left; apply/eqP.
apply: eq_integral => x _.
by rewrite EFinM abseM [X in (_ * X)%E = _](_ : _ = `|(phi x)%:E|%E)// gee0_abs// lee_fin phi_ge0.
Qed.

Lemma cvg_bounded_mul (u v : nat -> R) (C : R) :
  (forall n, `|u n| <= C) -> (forall n, 0 <= v n) ->
  v n @[n --> \oo] --> (0 : R) -> u n * v n @[n --> \oo] --> (0 : R).
Proof.
move=> uC v0 cv.
have cCv : C * v n @[n --> \oo] --> (0 : R).
  by rewrite -[X in _ --> X](mulr0 C); apply: cvgM; [exact: cvg_cst|exact: cv].
apply: (@squeeze_cvgr _ _ _ _ (fun n : nat => - (C * v n)) (fun n : nat => C * v n)).
- apply: nearW => n; rewrite -ler_norml normrM (ger0_norm (v0 _)).
  by rewrite ler_wpM2r.
- by rewrite -[X in _ --> X]oppr0; apply: cvgN.
- exact: cCv.
Qed.

Theorem Stein (f f' : R -> R) (C : R) :
  (forall x : R, is_derive x (1 : R) f (f' x)) -> continuous f' ->
  (forall x, `|f x| <= C) -> (forall x, `|f' x| <= C) ->
  (\int[normal_prob 0 1]_x (x * f x)%:E = \int[normal_prob 0 1]_x (f' x)%:E)%E.
Proof.
move=> df cf' fC f'C.
have cf : continuous f.
  move=> x; apply: differentiable_continuous.
  by apply/derivable1_diffP; have [] := df x.
have mf : measurable_fun setT f by exact: continuous_measurable_fun.
have mf' : measurable_fun setT f' by exact: continuous_measurable_fun.
have bnd (g h : R -> R) : measurable_fun setT g -> measurable_fun setT h ->
    (forall x, `|g x| <= C) -> mu.-integrable setT (EFin \o h) ->
    mu.-integrable setT (fun x => (g x * h x)%:E).
  move=> mg mh gC inth.
  apply: (@le_integrable _ _ R mu setT measurableT _ (fun x => C%:E * (EFin \o h) x)%E) => //.
  - by apply/measurable_EFinP; exact: measurable_funM.
  - move=> x _; rewrite /= lee_fin !normrM ler_wpM2r//.
    by apply: le_trans (gC x) _; exact: ler_norm.
  - exact: integrableZl.
have i1 : mu.-integrable setT (fun x => (f x * (x * phi x))%:E).
  apply: bnd => //; last exact: integrable_xphi.
  by apply: measurable_funM => //; exact: measurable_phi.
have i2 : mu.-integrable setT (fun x => (f' x * phi x)%:E).
  by apply: bnd => //; [exact: measurable_phi|exact: integrable_phi].
rewrite [LHS]integral_normal_prob; last first.
  apply: integrable_normal_prob; first exact: measurable_funM.
  by apply: eq_integrable i1 => // x _; rewrite mulrCA mulrA.
rewrite [RHS]integral_normal_prob; last exact: integrable_normal_prob.
suff : (\int[mu]_x (f' x * phi x - f x * (x * phi x))%:E = 0)%E.
  under eq_integral do rewrite EFinB.
  rewrite integralB//.
  have fin1 := integral_fune_fin_num measurableT i1.
  have fin2 := integral_fune_fin_num measurableT i2.
  move=> h0; have h : (\int[mu]_x (f' x * phi x)%:E = \int[mu]_x (f x * (x * phi x))%:E)%E.
    move: h0; rewrite -(fineK fin1) -(fineK fin2) -EFinB => -[/eqP].
    by rewrite subr_eq0 => /eqP ->.
  transitivity (\int[mu]_x (f x * (x * phi x))%:E)%E.
    by apply: eq_integral => x _ /=; rewrite -EFinM mulrCA mulrA.
  rewrite -h; by apply: eq_integral => x _ /=; rewrite -?EFinM.
apply: (@FTC2_line _ (f * phi)).
- move=> x; have := is_deriveM (df x) (is_derive_phi x).
  move=> h; apply: (@is_derive_eq _ _ _ _ _ _ _ _ h).
  by rewrite /GRing.scale/= mulNr mulrN addrC mulrC.
- move=> x; apply: cvgB.
  + by apply: cvgM; [exact: cf'|exact: continuous_phi].
  + apply: cvgM; first exact: cf.
    by apply: cvgM; [exact: cvg_id|exact: continuous_phi].
- rewrite (_ : EFin \o _ = (fun x => (f' x * phi x)%:E) \- (fun x => (f x * (x * phi x))%:E))%E //.
  exact: integrableB.
- exact: (@cvg_bounded_mul (fun n => f n%:R) _ C (fun n => fC _) (fun n => phi_ge0 _) cvg_phi).
- have cvg_phiN : phi (- n%:R) @[n --> \oo] --> (0 : R).
    by under eq_fun do rewrite phiN; exact: cvg_phi.
  exact: (@cvg_bounded_mul (fun n => f (- n%:R)) _ C (fun n => fC _) (fun n => phi_ge0 _) cvg_phiN).
Qed.

End normal.
