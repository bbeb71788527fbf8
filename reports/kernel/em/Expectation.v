From EM Require Import Prelude.

(* An expectation: a class of integrable functions and a linear positive normalised functional on it. *)
Record expectation (R : realType) (T : Type) := Expectation {
  L : (T -> R) -> Prop;
  E : (T -> R) -> R;
  L_ext : forall f g, f =1 g -> L f -> L g;
  E_ext : forall f g, f =1 g -> E f = E g;
  L_cst : forall c, L (fun=> c);
  L_add : forall f g, L f -> L g -> L (fun t => f t + g t);
  L_scale : forall c f, L f -> L (fun t => c * f t);
  E_add : forall f g, L f -> L g -> E (fun t => f t + g t) = E f + E g;
  E_scale : forall c f, L f -> E (fun t => c * f t) = c * E f;
  E_ge0 : forall f, L f -> (forall t, 0 <= f t) -> 0 <= E f;
  E_one : E (fun=> 1) = 1 }.

Section sums.
Variables (R : realType) (T : Type) (X : expectation R T).

Lemma L_sum (I : finType) (F : I -> T -> R) : (forall i, L X (F i)) -> L X (fun t => \sum_i F i t).
Proof.
move=> h; elim: (index_enum I) => [|i s IH].
  by apply: (L_ext _ (L_cst X 0)) => t; rewrite big_nil.
by apply: (L_ext _ (L_add (h i) IH)) => t; rewrite big_cons.
Qed.

Lemma E_sum (I : finType) (F : I -> T -> R) : (forall i, L X (F i)) ->
  E X (fun t => \sum_i F i t) = \sum_i E X (F i).
Proof.
move=> h; elim: (index_enum I) => [|i s IH].
  rewrite big_nil -[RHS](mul0r (E X (fun=> 1))) -E_scale; last exact: L_cst.
  by apply: E_ext => t; rewrite big_nil mul0r.
rewrite big_cons -IH -E_add //; first by apply: E_ext => t; rewrite big_cons.
elim: s {IH} => [|i' s IH].
  by apply: (L_ext _ (L_cst X 0)) => t; rewrite big_nil.
by apply: (L_ext _ (L_add (h i') IH)) => t; rewrite big_cons.
Qed.


Lemma E_cst c : E X (fun=> c) = c.
Proof.
transitivity (E X (fun t : T => c * 1)); first by apply: E_ext => t; rewrite mulr1.
by rewrite E_scale ?E_one ?mulr1//; exact: L_cst.
Qed.

Lemma E_mono f g : L X f -> L X g -> (forall t, f t <= g t) -> E X f <= E X g.
Proof.
move=> lf lg fg; rewrite -subr_ge0.
have lf' : L X (fun t => -1 * f t) by exact: L_scale.
have -> : E X g - E X f = E X (fun t => g t + -1 * f t).
  by rewrite E_add// E_scale// mulN1r.
apply: E_ge0; first exact: L_add.
by move=> t; rewrite mulN1r subr_ge0.
Qed.

Lemma L_sub f g : L X f -> L X g -> L X (fun t => f t - g t).
Proof.
move=> lf lg; apply: (@L_ext _ _ X (fun t => f t + -1 * g t)); first by move=> t; rewrite mulN1r.
by apply: L_add => //; exact: L_scale.
Qed.

Lemma E_sub f g : L X f -> L X g -> E X (fun t => f t - g t) = E X f - E X g.
Proof.
move=> lf lg; rewrite -mulN1r -E_scale// -E_add//; last exact: L_scale.
by apply: E_ext => t; rewrite mulN1r.
Qed.

Lemma jensen k (p y : 'I_k -> R) : (forall j, 0 <= p j) -> \sum_j p j = 1 ->
  (\sum_j p j * y j) ^+ 2 <= \sum_j p j * y j ^+ 2.
Proof.
move=> p0 p1; set m := \sum_j p j * y j.
have e j : p j * (y j - m) ^+ 2 = p j * y j ^+ 2 - (m *+ 2) * (p j * y j) + m ^+ 2 * p j.
  rewrite sqrrB mulrDr mulrBr [p j * m ^+ 2]mulrC; congr (_ - _ + _).
  by rewrite mulrnAl mulrnAr [p j * (y j * m)]mulrA [p j * y j * m]mulrC.
have : 0 <= \sum_j p j * (y j - m) ^+ 2.
  by apply: sumr_ge0 => j _; rewrite mulr_ge0 ?sqr_ge0.
under eq_bigr do rewrite e.
rewrite big_split/= sumrB -!mulr_sumr p1 mulr1 -/m mulrnAl -expr2 mulr2n opprD addrA subrK.
by rewrite subr_ge0.
Qed.

End sums.

