(* The library that the other files stand on: mathcomp, and mathcomp-analysis for measures and integrals. *)
From HB Require Export structures.
From mathcomp Require Export all_ssreflect ssralg ssrnum ssrint interval finmap.
From mathcomp Require Export all_algebra.
From mathcomp Require Export mathcomp_extra boolp classical_sets functions.
From mathcomp Require Export cardinality fsbigop reals interval_inference ereal.
From mathcomp Require Export topology tvs normedtype sequences real_interval.
From mathcomp Require Export esum measure lebesgue_measure numfun realfun.
From mathcomp Require Export exp trigo lebesgue_integral derive charge ftc.
From mathcomp Require Export measurable_realfun gauss_integral probability.
From mathcomp Require Export ring lra.

#[export] Set Implicit Arguments.
#[export] Unset Strict Implicit.
#[export] Unset Printing Implicit Defensive.
Export Order.TTheory GRing.Theory Num.Def Num.Theory.
Export numFieldNormedType.Exports.
#[export] Open Scope classical_set_scope.
#[export] Open Scope ring_scope.
