From EM Require Import Prelude NormalLine.

Section prodprob.
Context d1 d2 (T1 : measurableType d1) (T2 : measurableType d2) (R : realType).
Variables (P1 : probability T1 R) (P2 : probability T2 R).

Definition prodP : set (T1 * T2) -> \bar R := (P1 \x P2)%E.

HB.instance Definition _ := Measure.on prodP.

Let prodP_setT : prodP setT = 1%E.
Proof.
rewrite -setXTT; transitivity (P1 setT * P2 setT)%E; first exact: product_measure1E.
by rewrite !probability_setT mule1.
Qed.

HB.instance Definition _ := @Measure_isProbability.Build _ _ R prodP prodP_setT.

Lemma integrable_fst (f : T1 -> R) : P1.-integrable setT (EFin \o f) ->
  prodP.-integrable setT (EFin \o (f \o fst)).
Proof.
move=> /integrableP[mf h].
have mf2 : measurable_fun setT (fun z : T1 * T2 => (f z.1)%:E).
  exact: (measurableT_comp mf measurable_fst).
apply/integrableP; split; first exact: mf2.
rewrite (@fubini_tonelli1 _ _ _ _ _ P1 P2 (fun z => `|(f z.1)%:E|%E)) //; last exact: measurableT_comp.
apply: le_lt_trans h; rewrite le_eqVlt; apply/orP; left; apply/eqP.
apply: eq_integral => x _; rewrite /fubini_F /=.
by rewrite integral_cst//; have := @probability_setT _ _ _ P2 => /= ->; rewrite mule1.
Qed.

Lemma integrable_snd (f : T2 -> R) : P2.-integrable setT (EFin \o f) ->
  prodP.-integrable setT (EFin \o (f \o snd)).
Proof.
move=> /integrableP[mf h].
have mf2 : measurable_fun setT (fun z : T1 * T2 => (f z.2)%:E).
  exact: (measurableT_comp mf measurable_snd).
apply/integrableP; split; first exact: mf2.
rewrite (@fubini_tonelli2 _ _ _ _ _ P1 P2 (fun z => `|(f z.2)%:E|%E)) //; last exact: measurableT_comp.
apply: le_lt_trans h; rewrite le_eqVlt; apply/orP; left; apply/eqP.
apply: eq_integral => x _; rewrite /fubini_G /=.
by rewrite integral_cst//; have := @probability_setT _ _ _ P1 => /= ->; rewrite mule1.
Qed.

End prodprob.

Section gauss.
Variable R : realType.

Record gspace (d : nat) := GSpace {
  gdisp : measure_display;
  gT : measurableType gdisp;
  gP : probability gT R;
  gX : 'I_d -> gT -> R }.

Definition g0 : gspace 0 := @GSpace 0 _ unit (dirac tt) (fun _ _ => 0).

Definition cons d (x : R) (y : 'I_d -> R) : 'I_d.+1 -> R :=
  fun i => if unlift ord0 i is Some j then y j else x.

Definition gS d (G : gspace d) : gspace d.+1 :=
  @GSpace d.+1 _ _ (prodP (normal_prob 0 1) (gP G))
    (fun i z => cons z.1 (fun j => gX j z.2) i).

(* the standard Gaussian law on R^d: d-fold product of N(0,1) *)
Fixpoint gauss (d : nat) : gspace d :=
  match d with 0 => g0 | d'.+1 => gS (gauss d') end.

Definition upd d (x : 'I_d -> R) (i : 'I_d) (s : R) : 'I_d -> R :=
  fun j => if j == i then s else x j.

Definition borel d (f : ('I_d -> R) -> R) := forall disp (T : measurableType disp)
  (X : 'I_d -> T -> R), (forall i, measurable_fun setT (X i)) ->
  measurable_fun setT (fun t => f (fun i => X i t)).

Lemma consE0 d x (y : 'I_d -> R) : cons x y ord0 = x.
Proof. by rewrite /cons unlift_none. Qed.

Lemma consES d x (y : 'I_d -> R) i : cons x y (lift ord0 i) = y i.
Proof. by rewrite /cons liftK. Qed.

Lemma upd_cons0 d x (y : 'I_d -> R) s : upd (cons x y) ord0 s = cons s y.
Proof.
apply/funext => j; rewrite /upd; case: (unliftP ord0 j) => [j' ->|->].
  by rewrite !consES.
by rewrite eqxx consE0.
Qed.

Lemma upd_consS d x (y : 'I_d -> R) i s :
  upd (cons x y) (lift ord0 i) s = cons x (upd y i s).
Proof.
apply/funext => j; rewrite /upd; case: (unliftP ord0 j) => [j' ->|->].
  by rewrite !consES (inj_eq lift_inj).
by rewrite !consE0.
Qed.

Lemma gX_measurable d i : measurable_fun setT (@gX _ (gauss d) i).
Proof.
elim: d i => [|d IH] i; first by case: i.
case: (unliftP ord0 i) => [j ->|->] /=.
- under eq_fun do rewrite consES.
  exact: (measurableT_comp (IH j) measurable_snd).
- under eq_fun do rewrite consE0.
  exact: measurable_fst.
Qed.

Lemma gX_integrable d i : (gP (gauss d)).-integrable setT (EFin \o @gX _ (gauss d) i).
Proof.
elim: d i => [|d IH] i; first by case: i.
case: (unliftP ord0 i) => [j ->|->] /=.
- rewrite (_ : _ \o _ = EFin \o (@gX _ (gauss d) j \o snd)); last first.
    by apply/funext => z /=; rewrite consES.
  exact: integrable_snd.
- rewrite (_ : _ \o _ = EFin \o (id \o fst)); last first.
    by apply/funext => z /=; rewrite consE0.
  apply: integrable_fst; apply: integrable_normal_prob => //.
  exact: integrable_xphi.
Qed.

Lemma g_bounded_integrable d (f : ('I_d -> R) -> R) (g : gT (gauss d) -> R) C :
  borel f -> (forall x, `|f x| <= C) ->
  (gP (gauss d)).-integrable setT (EFin \o g) ->
  (gP (gauss d)).-integrable setT (fun t => (g t * f (fun i => @gX _ (gauss d) i t))%:E).
Proof.
move=> bf fC ig.
have mg : measurable_fun setT g by apply/measurable_EFinP; exact: measurable_int ig.
apply: (@le_integrable _ _ R _ setT measurableT _ (fun x => C%:E * (EFin \o g) x)%E) => //.
- apply/measurable_EFinP; apply: measurable_funM => //.
  by apply: bf => i; exact: gX_measurable.
- move=> x _; rewrite /= lee_fin !normrM mulrC ler_wpM2r//.
  by apply: le_trans (fC _) _; exact: ler_norm.
- exact: integrableZl.
Qed.

(* f' is the i-th partial derivative of f; both are bounded and Borel, f' continuous in x_i *)
Definition C1b d (i : 'I_d) (f f' : ('I_d -> R) -> R) (C : R) :=
  [/\ borel f, borel f',
      (forall x, `|f x| <= C) /\ (forall x, `|f' x| <= C),
      (forall x, continuous (fun s => f' (upd x i s))) &
      (forall x s, is_derive s (1 : R) (fun s => f (upd x i s)) (f' (upd x i s)))].

Lemma g_integrable1 d : (gP (gauss d)).-integrable setT (EFin \o (fun=> 1 : R)).
Proof.
exact: (finite_measure_integrable_cst (gP (gauss d)) 1).
Qed.

Theorem Stein_gauss d (i : 'I_d) (f f' : ('I_d -> R) -> R) C : C1b i f f' C ->
  (\int[gP (gauss d)]_t (@gX _ (gauss d) i t * f (fun j => @gX _ (gauss d) j t))%:E =
   \int[gP (gauss d)]_t (f' (fun j => @gX _ (gauss d) j t))%:E)%E.
Proof.
elim: d i f f' => [|d IH] i f f'; first by case: i.
move=> [bf bf' [fC f'C] cf' df].
have I1 := g_bounded_integrable bf fC (gX_integrable i).
have I2 := g_bounded_integrable bf' f'C (g_integrable1 d.+1).
case: (unliftP ord0 i) => [j|] ei; subst i.
- rewrite /= in I1 I2 *.
  rewrite -(@fubini1 _ _ _ _ _ (normal_prob 0 1) (gP (gauss d)) _ I1).
  have E2 : (\int[prodP (normal_prob 0 1) (gP (gauss d))]_z (f' (cons z.1 (fun j => @gX _ (gauss d) j z.2)))%:E =
    \int[prodP (normal_prob 0 1) (gP (gauss d))]_z (1 * f' (cons z.1 (fun j => @gX _ (gauss d) j z.2)))%:E)%E.
    by apply: eq_integral => z _; rewrite mul1r.
  rewrite [RHS]E2.
  rewrite -(@fubini1 _ _ _ _ _ (normal_prob 0 1) (gP (gauss d)) _ I2).
  apply: eq_integral => x _; rewrite /fubini_F /=.
  under eq_integral do rewrite consES.
  rewrite (IH j (fun y => f (cons x y)) (fun y => f' (cons x y))).
    by apply: eq_integral => t _; rewrite mul1r.
  split.
  + move=> disp T X mX; apply: (bf _ _ (fun i t => cons x (fun j => X j t) i)) => i'; case: (unliftP ord0 i') => [j' ->|->].
      by under eq_fun do rewrite consES; exact: mX.
    by under eq_fun do rewrite consE0; exact: measurable_cst.
  + move=> disp T X mX; apply: (bf' _ _ (fun i t => cons x (fun j => X j t) i)) => i'; case: (unliftP ord0 i') => [j' ->|->].
      by under eq_fun do rewrite consES; exact: mX.
    by under eq_fun do rewrite consE0; exact: measurable_cst.
  + by split.
  + move=> y; under eq_fun do rewrite -upd_consS; exact: cf'.
  + move=> y s; have := df (cons x y) s; rewrite upd_consS.
    by under eq_fun do rewrite upd_consS.
- rewrite /= in I1 I2 *.
  rewrite -(@fubini2 _ _ _ _ _ (normal_prob 0 1) (gP (gauss d)) _ I1).
  have E2 : (\int[prodP (normal_prob 0 1) (gP (gauss d))]_z (f' (cons z.1 (fun j => @gX _ (gauss d) j z.2)))%:E =
    \int[prodP (normal_prob 0 1) (gP (gauss d))]_z (1 * f' (cons z.1 (fun j => @gX _ (gauss d) j z.2)))%:E)%E.
    by apply: eq_integral => z _; rewrite mul1r.
  rewrite [RHS]E2.
  rewrite -(@fubini2 _ _ _ _ _ (normal_prob 0 1) (gP (gauss d)) _ I2).
  apply: eq_integral => t _; rewrite /fubini_G /=.
  under eq_integral do rewrite consE0.
  transitivity (\int[normal_prob 0 1]_x (f' (cons x (fun j => @gX _ (gauss d) j t)))%:E)%E; last first.
    by apply: eq_integral => x _; rewrite mul1r.
  apply: (@Stein _ (fun x => f (cons x (fun j => @gX _ (gauss d) j t)))
     (fun x => f' (cons x (fun j => @gX _ (gauss d) j t))) C) => //.
  + move=> x; have := df (cons x (fun j => @gX _ (gauss d) j t)) x; rewrite upd_cons0.
    by under eq_fun do rewrite upd_cons0.
  + have := cf' (cons 0 (fun j => @gX _ (gauss d) j t)).
    by under eq_fun do rewrite upd_cons0.
Qed.

End gauss.

Section mgf.
Variable R : realType.
Notation mu := (@lebesgue_measure R).

Lemma expR_phi (s x : R) : expR (x * s) * normal_pdf 0 1 x = expR (s ^+ 2 / 2) * normal_pdf s 1 x.
Proof.
rewrite /normal_pdf oner_eq0 subr0 expr1n mul1r mulrCA [RHS]mulrCA; congr (_ * _).
rewrite -!expRD; congr expR.
have e : (x - s) ^+ 2 / 2 = x ^+ 2 / 2 - x * s + s ^+ 2 / 2.
  by rewrite sqrrB mulrDl mulrBl -[x * s *+ 2]mulr_natr mulfK ?pnatr_eq0.
by rewrite !mulNr e opprD opprB addrCA subrr addr0.
Qed.

Lemma mgf1 (s : R) : (\int[normal_prob 0 1]_x (expR (x * s))%:E = (expR (s ^+ 2 / 2))%:E)%E.
Proof.
have me : measurable_fun setT (fun x : R => expR (x * s)).
  by apply: measurableT_comp => //; exact: measurable_funM.
rewrite ge0_integral_normal_prob; [|exact/measurable_EFinP|by move=> x; rewrite lee_fin expR_ge0].
transitivity (\int[mu]_x ((expR (s ^+ 2 / 2))%:E * (normal_pdf s 1 x)%:E))%E.
  by apply: eq_integral => x _; rewrite -!EFinM expR_phi.
rewrite ge0_integralZl//.
- by rewrite integral_normal_pdf mule1.
- by apply/measurable_EFinP; exact: measurable_normal_pdf.
- by move=> x _; rewrite lee_fin normal_pdf_ge0.
- by rewrite lee_fin expR_ge0.
Qed.

Theorem mgf d (u : 'I_d -> R) :
  (\int[gP (gauss R d)]_t (expR (\sum_i @gX _ _ (gauss R d) i t * u i))%:E =
   (expR (\sum_i u i ^+ 2 / 2))%:E)%E.
Proof.
elim: d u => [|d IH] u.
  rewrite big_ord0 expR0; under eq_integral do rewrite big_ord0 expR0.
  by rewrite integral_cst//; have := @probability_setT _ _ _ (gP (gauss R 0)) => /= ->; rewrite mule1.
have ms n (v : 'I_n -> R) : measurable_fun setT (fun t : gT (gauss R n) => expR (\sum_i @gX _ _ (gauss R n) i t * v i)).
  apply: measurableT_comp => //; apply: measurable_sum => i.
  by apply: measurable_funM => //; exact: gX_measurable.
have m1 := ms d.+1 u; rewrite /= in m1 *.
rewrite (@fubini_tonelli1 _ _ _ _ _ (normal_prob 0 1) (gP (gauss R d))
  (fun z => (expR (\sum_i cons z.1 (fun j => @gX _ _ (gauss R d) j z.2) i * u i))%:E)); last 2 first.
- by apply/measurable_EFinP.
- by move=> z; rewrite lee_fin expR_ge0.
transitivity (\int[normal_prob 0 1]_x ((expR (\sum_(i < d) u (lift ord0 i) ^+ 2 / 2))%:E * (expR (x * u ord0))%:E))%E.
  apply: eq_integral => x _; rewrite /fubini_F /=.
  transitivity (\int[gP (gauss R d)]_t ((expR (x * u ord0))%:E * (expR (\sum_(i < d) @gX _ _ (gauss R d) i t * u (lift ord0 i)))%:E))%E.
    apply: eq_integral => t _; rewrite -EFinM -expRD big_ord_recl consE0; congr (expR (_ + _))%:E.
    by apply: eq_bigr => i _; rewrite consES.
  rewrite ge0_integralZl//; [by rewrite IH muleC|exact/measurable_EFinP/ms|by move=> t _; rewrite lee_fin expR_ge0|by rewrite lee_fin expR_ge0].
rewrite ge0_integralZl//; [|by apply/measurable_EFinP; apply: measurableT_comp => //; exact: measurable_funM|by move=> x _; rewrite lee_fin expR_ge0|by rewrite lee_fin expR_ge0].
by rewrite mgf1 -EFinM -expRD big_ord_recl addrC.
Qed.

End mgf.
