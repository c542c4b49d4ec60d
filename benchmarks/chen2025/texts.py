# SPDX-License-Identifier: MIT
"""The words of the report; numbers are filled in by `page.py`."""

HEAD = """
# Chen et al. (2025): Models 1, 2 and 3

*Made by `python3 -m benchmarks.chen2025.run {level}` from runs of this program; do not edit by
hand.*

The paper (an LPSC-LATP sandwich electrolyte) prints four equations and Table S1 and compares
three cells: Model 1, LPSC; Model 2, the 8S-2O composite; Model 3, LPSC below and the composite
above. In Table S1 they differ by one number, sigma_Li. Its figures could not be read for this
page, and its text gives no end time, length or stress: there is nothing printed to compare a
number with. What can be said is what the printed equations and values do.

Everything here is two-dimensional. The cell of the models is 50 um wide; changes one at a time and
sets of nuclei are run in a narrow cell, 10 um wide with two nuclei. The interface is l = {ionic} um
in the ionic reading and {electron_limited} um in the electron-limited one, in place of the printed
15.3 nm (rescaled at constant surface energy, curvature mobility and small-drive speed), on meshes
that follow the front with h = l/2. What that costs is in the section on accuracy.
"""

PRINT = """
## What the print implies

With the printed sigma_Li, 3.73e-9 S/cm, the charge number is

    Pi = F c_Li V L/(sigma_Li U)
       = 96500 C/mol x 7.64e4 mol/m3 x 0.2555 um/s x 50 um/(3.73e-7 S/m x 0.1 V) = 2.5e6:

the current that the printed kinetics draw at 0.1 V is 2.5 million times what this conductivity
carries across the cell. The equation feeds back (a front that draws too much current lowers its
phi and draws more), so in the first steps phi goes to 1e5 V and the exponentials of the kinetics
overflow, however small the step. `dendrite check configs/chen2025/printed.yaml` says so, `run`
refuses the config, and `run --anyway` ends in that failure, explained, with exit code 3.

Two further things are missing for a run: sigma_e has no unit, and the print does not say whose
current the potential equation is. sigma_Li has the size of an *electronic* conductivity of such
electrolytes. Hence three readings, presets of the section `potential`:

| reading | equation | conductivities |
|---|---|---|
| `printed` | div(sigma_eff grad phi) = F c_Li dxi/dt | sigma_Li, sigma_e: cannot run |
| `ionic` | the same | measured ionic conductivity, metallic deposit |
| `electron_limited` | div(sigma_eff grad phi) = -s F c_Li dh(xi)/dt | sigma_Li, sigma_e |

In `ionic` the models differ by sigma_ion (5.43 and 1.92 mS/cm, Tables S3 and S7 with their
Arrhenius slopes at 297.15 K) and by the moduli; sigma_Li plays no part, D is the same in all as
printed. In `electron_limited` they differ by sigma_Li (and by the moduli); s is set once, by a
rule.
"""

IONIC = """
## Ionic reading

![Fields of the three models](../figures/chen2025_ionic_fields.png)

![Histories of the three models](../figures/chen2025_ionic_histories.png)

{table}

Growth is limited by the transport of Li+, and the flat front breaks up into fingers. The time at
which the tip is at {goal} um, against Model 1: Model 2 {lag_2}, Model 3 {lag_3}."""

NUCLEI = """
### Sets of nuclei

{seeds}

They spread the time to 30 um of Model 1 in the narrow cell over {spread} % of its mean.
"""

SWAPS = """
### Which property makes the difference

Changed one at a time in the narrow cell:

{swaps}

Against Model 1, its electrolyte with Model 2's sigma_ion changes the time by {sigma}, with Model
2's moduli by {elastic}. A uniform conductivity hardly matters: Li+ and not charge limits the
growth, and the field between tip and counter electrode is the same for any sigma_ion as long as
the kinetics take the smaller part of the voltage.

The sandwich is different. Model 3 is {sandwich} against Model 1 in this cell, {same_sigma} with
LPSC's sigma_ion in both layers, and {same_moduli} with LPSC's moduli in both. The *step* of
sigma_ion counts: the less conducting layer on top takes most of the voltage, its field is higher
by the ratio of the conductivities (2.8), and migration, which carries {migration} times what
diffusion does, brings more Li+ down to the front. In these equations D is the same in both layers
as printed; with a Nernst-Einstein D, which falls with sigma_ion, the migration current would not
rise. That a sandwich holds back dendrites, which is what it is built for, is *not* reproduced in
this reading.
"""

ELECTRONS = """
## Electron-limited reading

![Fields of the three models](../figures/chen2025_electron_limited_fields.png)

![Histories of the three models](../figures/chen2025_electron_limited_histories.png)

{table}

The order of the tips at the end is Model {order}. Model 3 is within {below} of Model 1 until the
tip is at 23 um, and {late} at the end.

Model 3 is Model 1 until deposit sits in the upper layer, because sigma_e and all properties of
Li+ are the same in both layers: what differs is the resistance of the deposit, and before there
is none. The moduli of the upper layer are the only other difference, and they do not matter.

Fronts stay nearly flat: a bulge is further from the anode, and electrons feed it worse. Li+ feeds
it better; as both limit the growth, the tip of Model 1 is {rough_1} um above the mean height at
the end ({rough_0} um at the start), that of Model 2 {rough_2} um. This reading has no dendrites.

Li+ piles up: at the end of Model 1 the largest c is {c_max} times c0, at the anode. The potential
equation drops the voltage over the deposit, and over an electrolyte that carries no current of
this kind, and the printed Nernst-Planck equation moves Li+ in both. In the deposit c follows
exp(-F phi/RT): lithium that is neither metal nor electrolyte, {inside} % of what the deposit
holds. It is a defect of the printed set of equations in this reading, not of its solution.
"""

LAW = """
### The law of a planar deposit

Electrons enter at the anode, phi = -U, and pass a deposit of height H. Inside it h is constant,
so there is no source and phi is linear; across the interface the current is s F c_Li V h(xi) and
the conductivity h(xi) sigma_Li, so that its slope stays the same. With phi_f at the front

    sigma_Li (U + phi_f)/H = s F c_Li dH/dt.

If electrons alone limit the growth, the reaction is at rest, B(phi_f, c_f) = 0, or phi_f = (RT/F)
ln(c_f/c0), which is zero while c_f = c0, and

    H^2 = H0^2 + 2 sigma_Li U t/(s F c_Li).

In layers sigma_Li (U + phi_f)/H becomes (U + phi_f)/sum(H_i/sigma_Li,i).
"""

STRIP = """
A strip with ten times the diffusivity and a hundred times the s of the models grows {strip} times
as fast as this law (dH^2/dt, once H has doubled).
"""

SCALE = """
### The scale s, and what limits the models

s = 7.92e-6 makes Pi = s F c_Li V L/(sigma_Li U) = 10 for the kinetic speed V = 0.2555 um/s and
half the height, L = 25 um, in Model 1; Models 2 and 3 keep it. At that height electrons can then
feed V/10 = 26 nm/s. But Li+ can only come at D c0/(c_Li L) (1 + F U/RT) = 13 nm/s across the
whole cell: with this rule *both* limit the growth. Model 1 makes {share} % of the growth in H^2
that electrons alone would allow, its height rises nearly in proportion to time, and Model 2, with
half of sigma_Li, is not slower by the root of two.
"""

REGIMES = """
### Where electrons take over

![Regimes over charge number and voltage](../figures/chen2025_regimes.png)

*Model 1 in a cell 5 um wide with one nucleus and l = 0.88 um, after 3000 s or with the tip at 45
um. Pi is over the whole height at 0.1 V (20: the models). Left: 1 means that electrons alone limit.
Right: tips stay within a few micrometres of the mean height.*
"""

ELECTRON_NUCLEI = """
### Five sets of nuclei

In the narrow cell; order of the models at the end, and Model 3 against Model 1:

{layers}

{seeds}

![Tips for five sets of nuclei](../figures/chen2025_seeds.png)
"""

STRESS = """
## Stress

A disk of Li in LPSC with the Vegard strain -0.866e-3 has, by Eshelby's solution in plane strain,
the stress 8.43 MPa in the plane and 10.3 MPa along it, 9.1 MPa hydrostatic. Deposit that cannot
shrink at all has K_Li abs(sum of lambda_i) = 12.6 MPa. The tips in the tables lie between and a
little above: all four sides of the cell are on rollers, and the film along the anode pulls at the
electrolyte too. The largest von Mises stress is in the electrolyte at the tips.
"""

FEEDBACK = """
Negative lambda, as in this family of models, shrinks the deposit and pulls at it; other codes use
the opposite sign. It turns the sign of the stress and nothing else, because the elastic energy is
quadratic in it: the time to {goal} um changes by {sign}. Switching the elastic energy off in the
phase-field equation changes that time by {feedback} (at l = {length} um): stress is a result of
these runs more than a cause.
"""

BOUNDS = """
The composite's moduli are known between bounds only. Time of Model 2 to {goal} um, against Model
1: {bounds}.
"""

ACCURACY = """
## How sure the tips are

![Tip against time for several interface lengths](../figures/chen2025_interface_length.png)

{ionic}

{electrons}

The narrow cell is Model 1, 10 um wide with two nuclei. Each interface length is compared with the
line above it; mesh and time step with the line of the same l. The last column is the largest change
on the way.
"""

HALVED = """
### Half the interface length

{halved}

The last two columns are the largest changes at equal times. In the ionic reading the race between
fingers amplifies what l does to each, more so the more fingers take part and the longer it lasts;
the area of the deposit hardly changes. The cells 5 um wide, in which one finger races no other, are
configs of their own at l = 0.11 um, `configs/chen2025/model1_resolved.yaml` and so on.

The time to {goal} um against that of Model 1, with one finger: Model 2 {single_2}, Model 3
{single_3} at l = {half} um. With two: Model 3 {ahead} at l = {length} um and {ahead_half} at {half}
um. With two fingers the tip of Model 1 is there after {arrivals} ({last} by halving l =
{length} um).
"""

PAPER_MESH = """
### The printed mesh

`configs/chen2025/paper_mesh.yaml` has the printed mesh (50 nm at the anode, 1 um far away) and
the printed interface of 15.3 nm, a third of an element: the front is pinned to the nodes. In
{time} s the mean front moves {coarse} um (tip: {tip_coarse} um), against {fine} um (tip:
{tip_fine} um) with the same nuclei, an interface of {length} um and h = l/2: an error of {error} in
the growth of the deposit, and of {tip_error} in that of its tip.
"""

LIMITS = """
## What this does not show

- No number here is compared with a printed one: the paper's text has none for these simulations.
- The assignment of the models to materials (LPSC, 8S-2O) is read from the sandwich that the paper
  builds; Table S1 itself only gives sigma_Li. 8S-2O is taken as 80:20 by volume.
- Values that the print leaves out (omega, c_Li, lambda, moduli, nuclei, boundary conditions) are
  the program's documented defaults.
- Runs with the printed interface, resolved, need about 1e7 uniform elements and were not made.
- As printed, surface tension fills gaps between fingers with lithium that is not there: c falls
  below 0, and the program ends such a run. Growth is therefore multiplied by c/(c + c_half) with
  c_half = 1 mol/m3 (`kinetics.c_half`; the depleted front has 20 mol/m3 and more).
- At charge numbers of thousands the passes of the split scheme converge slowly in the
  electron-limited reading (c answers to phi through migration); steps are then cut.
"""
