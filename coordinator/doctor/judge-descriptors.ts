/** Open files: one for each client, of each pilot, of the embedded service, of a relay, and of a host as a whole. */

import { clientsWithin, descriptorsBeside } from '../../foundation/pilot-descriptors.ts';
import { formatCount, formatQuantity } from '../../reports/format-number.ts';
import type { TargetDemand } from './campaign-demand.ts';
import { DESCRIPTORS } from './costs.ts';
import { type Finding, comfortableOf, compare, isShort, withHeadroom } from './finding.ts';
import { type Place, type Scene, kernelOf, nameSites, relaysOf } from './scene.ts';

export function judgeDescriptors(scene: Scene): Finding[] {
  const { demand, places } = scene;
  return [
    ...places.map((place) => judgePilot(place, scene)),
    ...demand.targets.flatMap((target) => [...judgeFrontend(target, scene), ...judgeRelays(target, scene)]),
    ...[...Map.groupBy(places, ({ host }) => kernelOf(host)).values()].map((there) => judgeHost(there, scene)),
  ];
}

/** A pilot offers fewer slots than its pool says where its limit is in the way: more pilots may make up for it. */
function judgePilot(place: Place, { own }: Scene): Finding {
  const { clients, slotsPerPilot, threads, pilotsAtMost } = place.site;
  const has = place.host.descriptors.soft;
  const most = Math.min(slotsPerPilot, clients);
  const needs = most + descriptorsBeside(threads);
  const common = { resource: 'descriptors', where: place.site.site, has, needs } as const;
  const byLimit = compare({ has, needs });
  if (has === null || byLimit !== 'too-small') {
    const fix = byLimit === 'tight' ? raisePilotLimit(place, own, needs) : null;
    return { ...common, verdict: byLimit, says: `${describePilot(most, needs)}; ${describeLimit(has)}`, fix };
  }
  const room = Math.max(0, clientsWithin(has, threads));
  const isEnough = room * pilotsAtMost >= clients;
  const held = `it leaves room for ${formatQuantity(room, 'client')} a pilot`;
  const outcome = isEnough
    ? `${Math.ceil(clients / room)} pilots are needed for ${formatCount(clients)} clients`
    : `${formatQuantity(room * pilotsAtMost, 'client')} in all`;
  const says = `${describePilot(most, needs)}; ${describeLimit(has)}: ${held}, ${outcome}`;
  return { ...common, verdict: isEnough ? 'tight' : 'too-small', says, fix: raisePilotLimit(place, own, needs) };
}

function describePilot(clients: number, needs: number): string {
  return `a pilot of ${formatQuantity(clients, 'client')} opens ${formatCount(needs)} files`;
}

function describeLimit(limit: number | null): string {
  return limit === null ? 'its limit can not be read' : `its limit is ${formatCount(limit)}`;
}

/** A launcher can only lower the limit; who may not raise it needs more pilots with fewer clients each. */
function raisePilotLimit({ site, host }: Place, own: Scene['own'], needs: number): string {
  const { hard, mayRaiseHard } = host.descriptors;
  const ownHard = own.descriptors.hard ?? 0;
  if (site.launchWith.length > 0 && ownHard > (hard ?? 0) && ownHard >= needs) {
    return `ulimit -n ${Math.min(withHeadroom(needs), ownHard)} in ${site.path}.launchWith`;
  }
  const room = hard === null ? 0 : clientsWithin(comfortableOf(hard), site.threads);
  if (mayRaiseHard !== false || room <= 0) return raiseLimit(host, needs);
  const pilots = Math.ceil(site.clients / room);
  return pilots > site.pilotsAtMost ? `${site.path}.pilots: ${pilots}` : `${site.path}.slotsPerPilot: ${room}`;
}

/** Before glidetester starts: in a shell, or in what starts it. */
function raiseLimit({ descriptors: { highestHard } }: Scene['own'], needs: number): string {
  const wanted = withHeadroom(needs);
  if (highestHard !== null && needs > highestHard) return `sysctl -w fs.nr_open=${wanted}`;
  const limit = Math.min(wanted, highestHard ?? wanted);
  return `ulimit -n ${limit} before glidetester starts (LimitNOFILE=${limit})`;
}

/** One process serves all clients. A limit that the config gives it is part of what is measured, so never more than a warning. */
function judgeFrontend({ embedded, name, path }: TargetDemand, { demand, own }: Scene): Finding[] {
  if (embedded === null) return [];
  const clients = sumClients(demand.sites);
  const needs = DESCRIPTORS.frontend + DESCRIPTORS.listing * embedded.listings + embedded.lookUps + clients;
  const given = embedded.descriptors;
  const { hard, soft } = own.descriptors;
  const where = demand.targets.length === 1 ? 'target' : name;
  const opens = `the service opens ${formatCount(needs)} files for ${formatQuantity(clients, 'client')}`;
  const common = { resource: 'descriptors', where, needs } as const;
  if (given === null) {
    const verdict = compare({ has: soft, needs });
    const fix = isShort(verdict) ? raiseLimit(own, needs) : null;
    return [{ ...common, has: soft, verdict, says: `${opens}; ${describeLimit(soft)}`, fix }];
  }
  if (hard !== null && given > hard) {
    const says = `the service is to be given ${formatCount(given)} files; ${formatCount(hard)} may be given here`;
    return [{ ...common, has: hard, needs: given, verdict: 'too-small', says, fix: `${path}.descriptors: ${hard}` }];
  }
  const verdict = compare({ has: given, needs });
  const says = `${opens}; ${path}.descriptors gives it ${formatCount(given)}`;
  const fix = isShort(verdict) ? `${path}.descriptors: ${withHeadroom(needs)}` : null;
  return [{ ...common, has: given, verdict: verdict === 'too-small' ? 'tight' : verdict, says, fix }];
}

/** A relay holds two connections for each client. */
function judgeRelays(target: TargetDemand, { demand, own }: Scene): Finding[] {
  return relaysOf(target, demand.sites).map(({ clients, roundTripMs }): Finding => {
    const has = own.descriptors.soft;
    const needs = DESCRIPTORS.relay + 2 * clients;
    const verdict = compare({ has, needs });
    return {
      resource: 'descriptors',
      where: `relay ${roundTripMs} ms`,
      has,
      needs,
      verdict,
      says: `the relay opens ${formatCount(needs)} files for ${formatQuantity(clients, 'client')}; ${describeLimit(has)}`,
      fix: isShort(verdict) ? raiseLimit(own, needs) : null,
    };
  });
}

function judgeHost(there: readonly Place[], { demand, own }: Scene): Finding {
  const { hostname, descriptors } = (there[0] as Place).host;
  const clients = sumClients(there.map(({ site }) => site));
  const pilots = there.reduce((sum, { site }) => sum + site.pilots * descriptorsBeside(site.threads), 0);
  const isOwn = kernelOf((there[0] as Place).host) === kernelOf(own);
  const services = demand.targets.map((target) => {
    const relayed = relaysOf(target, demand.sites).reduce((sum, relay) => sum + 2 * relay.clients, 0);
    return relayed + (target.embedded === null ? 0 : sumClients(demand.sites));
  });
  const needs = clients + pilots + (isOwn ? Math.max(0, ...services) : 0);
  const has = descriptors.ofHost === null ? null : descriptors.ofHost.most - descriptors.ofHost.used;
  const verdict = compare({ has, needs });
  const left = has === null ? 'what is left can not be read' : `${formatCount(has)} are left (fs.file-max)`;
  return {
    resource: 'descriptors',
    where: there.length === 1 ? `host of ${nameSites(there)}` : hostname,
    has,
    needs,
    verdict,
    says: `all processes together open ${formatCount(needs)} files; ${left}`,
    fix: isShort(verdict) ? `sysctl -w fs.file-max=${withHeadroom(needs) + (descriptors.ofHost?.used ?? 0)}` : null,
  };
}

function sumClients(sites: readonly { clients: number }[]): number {
  return sites.reduce((sum, { clients }) => sum + clients, 0);
}
