
(* One step of EM from r: the posterior mean of the data after the second component is reflected. *)
Definition step_integrand (w v r x : R) : R := (posterior_0 w v r x - posterior_1 w v r x) * x * density x.
Definition em_map (w v r : R) : R := over_line (step_integrand w v r).

(* Stein's identity: EM takes r to (1 - beta) r, for all weights, which need not add up to 1 here, and every real r. *)
Definition claim : Prop := forall w v r : R, 0 < w -> 0 < v ->
  converges (step_integrand w v r) /\ converges (power_integrand w v r) /\
  em_map w v r = (1 - posterior_power w v r) * r.
